// Shares of names among children and young people in England and Wales, in per cent: approximate, from general
// knowledge of published name statistics, rounded. They only say which agreements are weak evidence; a name not here is
// taken as rare.
#include "people/common_names.hpp"

namespace waymark::people {

namespace {

constexpr NameShare shares_of_family[] = {
    {"SMITH", 1.1},      {"JONES", 0.85},     {"TAYLOR", 0.55},    {"WILLIAMS", 0.55},  {"BROWN", 0.5},
    {"DAVIES", 0.45},    {"KHAN", 0.4},       {"EVANS", 0.35},     {"WILSON", 0.35},    {"THOMAS", 0.35},
    {"JOHNSON", 0.35},   {"ROBERTS", 0.33},   {"ALI", 0.33},       {"AHMED", 0.32},     {"PATEL", 0.3},
    {"HUSSAIN", 0.3},    {"BEGUM", 0.25},     {"WALKER", 0.28},    {"WRIGHT", 0.27},    {"ROBINSON", 0.27},
    {"THOMPSON", 0.27},  {"WHITE", 0.27},     {"HUGHES", 0.26},    {"EDWARDS", 0.26},   {"GREEN", 0.25},
    {"HALL", 0.25},      {"WOOD", 0.24},      {"HARRIS", 0.24},    {"LEWIS", 0.24},     {"MARTIN", 0.24},
    {"JACKSON", 0.23},   {"CLARKE", 0.23},    {"CLARK", 0.22},     {"TURNER", 0.21},    {"HILL", 0.21},
    {"SINGH", 0.25},     {"KAUR", 0.2},       {"SCOTT", 0.2},      {"COOPER", 0.2},     {"MORRIS", 0.2},
    {"WARD", 0.2},       {"MOORE", 0.2},      {"KING", 0.2},       {"WATSON", 0.19},    {"BAKER", 0.19},
    {"HARRISON", 0.18},  {"MORGAN", 0.18},    {"YOUNG", 0.17},     {"PATTERSON", 0.05}, {"ALLEN", 0.17},
    {"MITCHELL", 0.16},  {"JAMES", 0.16},     {"ANDERSON", 0.16},  {"PHILLIPS", 0.16},  {"LEE", 0.16},
    {"BELL", 0.15},      {"PARKER", 0.15},    {"DAVIS", 0.15},     {"BENNETT", 0.14},   {"MILLER", 0.14},
    {"COOK", 0.13},      {"CAMPBELL", 0.15},  {"SHAW", 0.13},      {"GRIFFITHS", 0.13}, {"RICHARDSON", 0.13},
    {"CARTER", 0.13},    {"COLLINS", 0.13},   {"BAILEY", 0.12},    {"GRAY", 0.11},      {"STEWART", 0.12},
    {"MURPHY", 0.13},    {"KELLY", 0.13},     {"MARSHALL", 0.12},  {"SIMPSON", 0.12},   {"PRICE", 0.12},
    {"ROBERTSON", 0.11}, {"COX", 0.12},       {"ADAMS", 0.12},     {"RICHARDS", 0.11},  {"ELLIS", 0.11},
    {"KENNEDY", 0.07},   {"WILKINSON", 0.11}, {"FOSTER", 0.1},     {"GRAHAM", 0.1},     {"CHAPMAN", 0.1},
    {"MASON", 0.1},      {"RUSSELL", 0.1},    {"WEBB", 0.1},       {"POWELL", 0.1},     {"ROGERS", 0.1},
    {"HUNT", 0.1},       {"MILLS", 0.1},      {"HOLMES", 0.1},     {"GIBSON", 0.08},    {"PALMER", 0.09},
    {"MATTHEWS", 0.09},  {"REID", 0.09},      {"FISHER", 0.08},    {"LLOYD", 0.09},     {"BARNES", 0.09},
    {"KNIGHT", 0.09},    {"BUTLER", 0.08},    {"BARKER", 0.08},    {"STEVENS", 0.08},   {"JENKINS", 0.09},
    {"DIXON", 0.08},     {"OWEN", 0.09},      {"FLETCHER", 0.08},  {"HARVEY", 0.08},    {"HUNTER", 0.07},
    {"ISLAM", 0.15},     {"MIAH", 0.12},      {"HASSAN", 0.12},    {"MOHAMED", 0.15},   {"MOHAMMED", 0.12},
    {"RAHMAN", 0.12},    {"SHAH", 0.13},      {"MAHMOOD", 0.1},    {"IQBAL", 0.1},      {"AKHTAR", 0.1},
    {"MALIK", 0.1},      {"CHOWDHURY", 0.08}, {"UDDIN", 0.1},      {"HUSSEIN", 0.07},   {"BIBI", 0.08},
    {"OBRIEN", 0.09},    {"OCONNOR", 0.07},   {"RYAN", 0.08},      {"WALSH", 0.09},     {"MURRAY", 0.09},
    {"FORD", 0.07},      {"PEARSON", 0.08},   {"NOWAK", 0.05},     {"KOWALSKI", 0.03},  {"POPESCU", 0.03},
    {"SILVA", 0.04},     {"SANTOS", 0.03},    {"FERNANDES", 0.03}, {"NGUYEN", 0.03},    {"CHEN", 0.04},
    {"WANG", 0.04},      {"LI", 0.04},        {"WONG", 0.03},      {"MENSAH", 0.03},    {"OSEI", 0.02},
    {"ADEYEMI", 0.02},   {"IBRAHIM", 0.06},   {"ABDI", 0.04},      {"YUSUF", 0.03},     {"OSMAN", 0.03},
    {"WEST", 0.07},      {"PAYNE", 0.06},     {"BURTON", 0.06},    {"LAWSON", 0.05},    {"HENDERSON", 0.06},
    {"BROOKS", 0.06},    {"GORDON", 0.06},    {"HAYES", 0.06},     {"DAY", 0.06},       {"BERRY", 0.05},
    {"REYNOLDS", 0.07}};

constexpr NameShare shares_of_given[] = {
    {"MOHAMMED", 1.2}, {"MUHAMMAD", 1.4},  {"MOHAMMAD", 0.5},   {"OLIVER", 1.0},     {"JACK", 1.0},
    {"HARRY", 0.9},    {"GEORGE", 0.85},   {"NOAH", 0.8},       {"CHARLIE", 0.8},    {"JACOB", 0.75},
    {"THOMAS", 0.8},   {"OSCAR", 0.6},     {"WILLIAM", 0.75},   {"JAMES", 0.85},     {"LEO", 0.6},
    {"ALFIE", 0.6},    {"HENRY", 0.55},    {"JOSHUA", 0.7},     {"FREDDIE", 0.5},    {"ARCHIE", 0.5},
    {"ETHAN", 0.55},   {"ISAAC", 0.45},    {"ALEXANDER", 0.5},  {"JOSEPH", 0.55},    {"EDWARD", 0.4},
    {"SAMUEL", 0.55},  {"MAX", 0.45},      {"LOGAN", 0.45},     {"LUCAS", 0.5},      {"DANIEL", 0.65},
    {"THEO", 0.4},     {"ARTHUR", 0.45},   {"MOHAMED", 0.3},    {"HARRISON", 0.4},   {"BENJAMIN", 0.45},
    {"MASON", 0.4},    {"FINLEY", 0.4},    {"SEBASTIAN", 0.35}, {"ADAM", 0.4},       {"DYLAN", 0.4},
    {"ZACHARY", 0.3},  {"RILEY", 0.35},    {"TEDDY", 0.25},     {"THEODORE", 0.25},  {"DAVID", 0.4},
    {"ELIJAH", 0.25},  {"JAKE", 0.4},      {"TOBY", 0.25},      {"LOUIE", 0.25},     {"REUBEN", 0.25},
    {"ARLO", 0.2},     {"HUGO", 0.2},      {"LUCA", 0.2},       {"JAXON", 0.25},     {"MATTHEW", 0.45},
    {"HARVEY", 0.35},  {"REGGIE", 0.25},   {"MICHAEL", 0.4},    {"TOMMY", 0.3},      {"LIAM", 0.3},
    {"RYAN", 0.4},     {"LUKE", 0.45},     {"CONNOR", 0.3},     {"CALLUM", 0.35},    {"NATHAN", 0.3},
    {"CAMERON", 0.3},  {"JAYDEN", 0.3},    {"AHMED", 0.15},     {"ALI", 0.2},        {"IBRAHIM", 0.25},
    {"YUSUF", 0.2},    {"KAI", 0.25},      {"TYLER", 0.35},     {"AARON", 0.3},      {"JOHN", 0.35},
    {"ROBERT", 0.25},  {"KIERAN", 0.2},    {"OLIVIA", 0.95},    {"AMELIA", 0.9},     {"EMILY", 0.85},
    {"ISLA", 0.6},     {"AVA", 0.65},      {"ISABELLA", 0.6},   {"LILY", 0.65},      {"JESSICA", 0.7},
    {"ELLA", 0.55},    {"MIA", 0.6},       {"SOPHIA", 0.5},     {"CHARLOTTE", 0.55}, {"POPPY", 0.5},
    {"SOPHIE", 0.6},   {"GRACE", 0.6},     {"EVIE", 0.5},       {"ALICE", 0.4},      {"SCARLETT", 0.4},
    {"FREYA", 0.45},   {"FLORENCE", 0.35}, {"ISABELLE", 0.4},   {"DAISY", 0.4},      {"CHLOE", 0.6},
    {"PHOEBE", 0.35},  {"MATILDA", 0.3},   {"RUBY", 0.5},       {"SIENNA", 0.35},    {"WILLOW", 0.3},
    {"IVY", 0.25},     {"EVELYN", 0.25},   {"ROSIE", 0.3},      {"ELSIE", 0.3},      {"MILLIE", 0.35},
    {"LAYLA", 0.3},    {"LUCY", 0.45},     {"ELIZABETH", 0.35}, {"HANNAH", 0.4},     {"HOLLY", 0.4},
    {"MEGAN", 0.4},    {"KATIE", 0.35},    {"ELLIE", 0.4},      {"ABIGAIL", 0.35},   {"AMY", 0.3},
    {"EMMA", 0.35},    {"MOLLY", 0.35},    {"LAUREN", 0.3},     {"SUMMER", 0.3},     {"MAISIE", 0.3},
    {"IMOGEN", 0.25},  {"ERIN", 0.3},      {"BETHANY", 0.25},   {"LEAH", 0.3},       {"ELEANOR", 0.3},
    {"GEORGIA", 0.3},  {"MARIA", 0.3},     {"FATIMA", 0.25},    {"MARYAM", 0.25},    {"AISHA", 0.2},
    {"ZARA", 0.25},    {"SARAH", 0.3},     {"ANNA", 0.3},       {"REBECCA", 0.25},   {"BELLA", 0.25},
    {"HARPER", 0.2},   {"LOLA", 0.25},     {"MAYA", 0.2},       {"ARIA", 0.2},       {"ZAINAB", 0.15},
    {"AMINA", 0.1},    {"JASMINE", 0.25},  {"PAIGE", 0.2},      {"SKYE", 0.2},       {"NICOLE", 0.15},
    {"LACEY", 0.2},    {"LIBBY", 0.2},     {"ALEX", 0.15},      {"BEN", 0.1}};

}  // namespace

std::span<const NameShare> common_family_names() {
    return shares_of_family;
}
std::span<const NameShare> common_given_names() {
    return shares_of_given;
}

}  // namespace waymark::people
