#!/usr/bin/env python3
"""Writes a seeded population of synthetic children as CSV: make_population.py RECORDS SEED [CONTENT] > population.csv

Ours, and nobody else's: households with brothers, sisters and twins, seven name cultures, and further sightings of one
child with the damage that agencies do. Nobody in it is real. CONTENT is the folder that holds names/ (default: this
source tree's); the short forms and spellings used as damage come half from there and half from rules that no table
knows. It has the columns of the linkage set pop1m; person_id and household_id are the truth and no tool may see them.
"""
import csv
import datetime
import pathlib
import random
import sys

COLUMNS = ["unique_id", "person_id", "household_id", "first_name", "middle_name", "surname", "dob", "sex", "postcode",
           "house_number", "nhs_number", "agency", "is_dup"]
AGENCIES = ["gp", "social_care", "early_help", "health", "police", "school", "housing"]
AREAS = "B BD BL BS CF CR CV DE DL DY E EX HX L LE LS M N NE NG NW OL PO PR RG S SE SO SW TS W WA WF WV YO".split()
INWARD = "ABDEFGHJLNPQRSTUWXYZ"

# Share of households; girls' names; boys' names; family names; syllables of rarer given and of rarer family names.
CULTURES = {
    "british": (0.62,
        "olivia amelia isla ava freya ivy lily florence willow grace mia isabella rosie sophia sienna daisy ella emily "
        "elsie poppy evie phoebe charlotte matilda alice ruby millie harper evelyn jessica erin lucy molly hannah "
        "eleanor martha georgia bethany megan abigail rebecca katherine elizabeth margaret imogen caitlin",
        "george oliver noah arthur harry leo archie jack oscar henry charlie thomas jacob freddie william theodore "
        "james joshua samuel lucas alfie finley edward joseph isaac max alexander daniel benjamin toby ethan logan "
        "dylan adam luke matthew michael christopher nathan robert david reuben callum jamie harvey stanley",
        "smith jones taylor brown williams wilson johnson thompson robinson wright davies evans white hall roberts "
        "walker green wood lewis clarke jackson turner cooper harris hill moore scott king harrison baker ward morris "
        "allen carter parker bennett shaw cook murphy kelly price bell griffiths marshall collins stevens simpson "
        "campbell mitchell watson fisher mcdonald macleod o'brien o'connor fitzgerald ellis barker pearce dixon hunt",
        "al el ro ar be la ke ty bra ja ca de ly na sha ri an lo wyn den ton leigh la lyn son ton ry",
        "ash bar brom cald dun ever far glan had hart kel lang mar nor oak pem rad sed thorn wal win wes "
        "by croft dale den field ford gate ham hurst ley man more ridge shaw stead ton well wick wood worth"),
    "south_asian": (0.13,
        "aisha fatima zara maryam hafsa amina khadija zainab inaya anaya aanya priya ananya diya kavya simran harleen "
        "jasleen meera nisha riya saanvi sumaya tahira nadia safa iqra neha",
        "muhammad mohammed ayaan ibrahim yusuf hamza zayn rayyan ali hassan hussain umar bilal arjun aarav vihaan "
        "rohan krish dev harpreet gurdeep arnav imran kabir zakariya adam ismail sai",
        "khan patel ahmed hussain ali shah begum akhtar iqbal malik mahmood singh kaur sharma chowdhury rahman miah "
        "islam uddin choudhury gill sandhu desai mistry mehta parmar chauhan javed nazir sheikh mirza bhatti aslam",
        "aa ha ra za fa ni sa ma ri ya na ka im shi ta dee preet jot an een a iya", "bha cha dha gu ja ka ma na pa ra "
        "sha ti va wa ni lia tta kar dra war ani ria shi pal ndra"),
    "eastern_european": (0.09,
        "zofia maja julia lena hanna oliwia zuzanna aleksandra natalia wiktoria gabija emilija sofija anastasia daria "
        "ioana andreea elena karolina kamila nikola amelija",
        "jakub antoni filip jan szymon kacper mikolaj wojciech aleksander oskar nikodem lukas matas andrei stefan "
        "david alexandru mihai dominik tomasz piotr nojus",
        "nowak kowalski kowalska wisniewski wojcik kaminski lewandowski zielinski szymanski dabrowski kozlowski popa "
        "popescu ionescu rusu stan petrauskas kazlauskas ivanov petrov horvat novak kovacs nagy marin",
        "mi la ka ro zo da ni ta sla bo ja wi ko ga le na sia slav mir ek", "bar cza dra grze jan kra lis maz "
        "ost pie rog sta wal zab ow czyk ski ewicz escu iak"),
    "west_african": (0.05,
        "ayomide temi folake chiamaka adaeze ama abena efua esi ngozi ifeoma zainab blessing favour precious gloria",
        "ayo tobi chidi emeka kwame kofi kojo femi tunde seun daniel emmanuel david samuel nana yaw obinna",
        "adeyemi okafor okeke mensah boateng owusu asante adebayo ogunleye eze nwosu appiah osei balogun afolabi "
        "bello danso agyeman oyelaran",
        "a ade chi fo ke ngo o oba te tu wa ya mi de la ma ra", "ade aki ba chu de fo gbe ka mo nwa oba ogu olu "
        "oye sho wale mi yemi ola du nna bayo"),
    "arabic_somali": (0.05,
        "fatima maryam aaliyah hodan ayaan sahra leila noor yasmin amal salma hana rahma nawal jana sumaya",
        "mohamed abdullahi omar yusuf ahmed khalid abdirahman ismail idris mustafa ali karim zakariya bilal mahad",
        "mohamed ali ahmed hassan abdi warsame farah omar yusuf osman haji saleh mansour haddad khoury nasser aden",
        "a ab da ha li ma na ra sa ya za im ir ah an een", "abd al ba fa ha ja ka ma na ra sa wa ir man mi ude eh an"),
    "turkish": (0.03,
        "elif zeynep defne asya nehir ecrin ela miray azra yagmur selin deniz ceren",
        "yusuf eymen omer mert emir kerem ege arda deniz baran can emre kaan",
        "yilmaz kaya demir celik sahin yildiz ozturk aydin arslan dogan kilic aslan polat kurt",
        "a be ce de e gu il ka me na se ya ha ra ay nur can", "ak al bal dem er gul kar oz tas tur yil oglu lu ci er"),
    "east_asian": (0.03,
        "mei lin jia ying xin yi ling anh linh chloe sophie emily grace hana yuna thao",
        "wei ming jun hao jie bo minh long ethan ryan lucas kai tuan haruki daniel",
        "wang li zhang liu chen yang huang zhao wu zhou nguyen tran le pham lee kim park chan wong lam cheung tanaka",
        "mei xi jia yu lan hua qi an min hui", "ta na ka mo ri shi ya ma sa ki chen ho lau kwo tsa"),
}


def zipf(count):
    """Falling weights: a few names are common, most are not."""
    return [1.0 / (rank + 3.0) ** 0.85 for rank in range(count)]


class Names:
    def __init__(self, chance, content):
        self.chance = chance
        self.forms = {}
        tail = []
        with open(content / "names" / "given-variants.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                a, b = row["name"].lower(), row["variant"].lower()
                self.forms.setdefault(a, []).append(b)
                self.forms.setdefault(b, []).append(a)
                tail.append(a)
        self.family_forms = {}
        family_tail = []
        with open(content / "names" / "family-variants.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                a, b = row["name"].lower(), row["variant"].lower()
                self.family_forms.setdefault(a, []).append(b)
                self.family_forms.setdefault(b, []).append(a)
                family_tail.append(a)
        self.tail = sorted(set(tail))
        self.family_tail = sorted(set(family_tail))
        self.cultures = list(CULTURES)
        self.shares = [CULTURES[name][0] for name in self.cultures]
        self.lists = {}
        for name, (_, girls, boys, families, given_parts, family_parts) in CULTURES.items():
            lists = [text.split() for text in (girls, boys, families)]
            self.lists[name] = [(each, zipf(len(each))) for each in lists] + [given_parts.split(), family_parts.split()]

    def culture(self):
        return self.chance.choices(self.cultures, self.shares)[0]

    def made(self, parts, most):
        half = len(parts) // 2
        middle = [self.chance.choice(parts) for _ in range(self.chance.randint(0, most))]
        return self.chance.choice(parts[:half]) + "".join(middle) + self.chance.choice(parts[half:])

    def given(self, culture, sex):
        if culture != "british" and self.chance.random() < 0.12:
            culture = "british"
        common, weights = self.lists[culture][0 if sex == "F" else 1]
        draw = self.chance.random()
        if draw < 0.72:
            return self.chance.choices(common, weights)[0]
        if draw < 0.86:
            return self.chance.choice(self.tail)
        return self.made(self.lists[culture][3], 1)

    def one_family(self, culture):
        common, weights = self.lists[culture][2]
        draw = self.chance.random()
        if draw < 0.45:
            return self.chance.choices(common, weights)[0]
        if draw < 0.55:
            return self.chance.choice(self.family_tail)
        return self.made(self.lists[culture][4], 2)

    def family(self, culture):
        name = self.one_family(culture)
        return name + "-" + self.one_family(self.culture()) if self.chance.random() < 0.03 else name

    def short_form(self, name):
        """Half from the tables of names, half by rule: cut, or cut with an ending."""
        if name in self.forms and self.chance.random() < 0.5:
            return self.chance.choice(self.forms[name])
        if len(name) < 5:
            return name + self.chance.choice(["y", "ie", "a"])
        return name[:self.chance.choice([3, 4])] + self.chance.choice(["", "", "y", "ie"])


class Population:
    def __init__(self, records, seed, content):
        self.chance = random.Random(seed)
        self.names = Names(self.chance, content)
        self.wanted = records
        self.rows = []
        self.numbers = set()

    def odds(self, probability):
        return self.chance.random() < probability

    def postcode(self):
        # Neighbourhoods: districts of some thousand homes each, so that postcodes repeat as they do in a town.
        return "%s%d %d%s%s" % (self.chance.choice(AREAS), self.chance.randint(1, 29), self.chance.randint(0, 9),
                                self.chance.choice(INWARD), self.chance.choice(INWARD))

    def nhs_number(self):
        while True:
            digits = [self.chance.randint(4, 7)] + [self.chance.randint(0, 9) for _ in range(8)]
            check = (11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1))) % 11) % 11
            text = "".join(map(str, digits)) + str(check)
            if check != 10 and text not in self.numbers:
                self.numbers.add(text)
                return text

    def slip(self, text):
        if len(text) < 2:
            return text
        at = self.chance.randrange(len(text))
        letter = self.chance.choice("abcdefghijklmnopqrstuvwxyz")
        kind = self.chance.randrange(4)
        if kind == 0:
            return text[:at] + letter + text[at + 1:]
        if kind == 1:
            return text[:at] + text[at + 1:]
        if kind == 2:
            return text[:at] + letter + text[at:]
        at = min(at, len(text) - 2)
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]

    def slip_in_postcode(self, text):
        at = self.chance.choice([i for i, letter in enumerate(text) if letter != " "])
        pool = "0123456789" if text[at].isdigit() else INWARD
        return text[:at] + self.chance.choice(pool) + text[at + 1:]

    def damaged_given(self, child, strength):
        name = child["first_name"]
        if self.odds(0.075 * strength):
            name = self.slip(name)
        if self.odds(0.065 * strength):
            name = self.names.short_form(name)
        if self.odds(0.012 * strength):
            name = name[:1]
        if child["middle_name"] and self.odds(0.06 * strength):
            name = child["middle_name"] if self.odds(0.5) else name + " " + child["middle_name"]
        if self.odds(0.015 * strength):
            name = self.names.given(child["culture"], child["sex"])  # a name at home, another one at school
        return "" if self.odds(0.009 * strength) else name

    def damaged_family(self, child, strength):
        name = child["surname"]
        if self.odds(0.065 * strength):
            name = self.slip(name)
        if name in self.names.family_forms and self.odds(0.06 * strength):
            name = self.chance.choice(self.names.family_forms[name])
        if "-" in name and self.odds(0.3 * strength):
            name = self.chance.choice(name.split("-"))
        if self.odds(0.055 * strength):
            name = child["other_family"] if self.odds(0.7) else self.names.family(child["culture"])
        return "" if self.odds(0.006 * strength) else name

    def damaged_date(self, child, strength):
        born = child["dob"]
        year, month, day = born.year, born.month, born.day
        if day <= 12 and self.odds(0.045 * strength):
            month, day = day, month
        if self.odds(0.02 * strength):
            day = self.chance.randint(1, 28)
        if self.odds(0.012 * strength):
            month = self.chance.randint(1, 12)
        if self.odds(0.015 * strength):
            year += self.chance.choice([-1, 1])
        if self.odds(0.01 * strength):
            day = 1
        if self.odds(0.006 * strength):
            month = day = 1
        if self.odds(0.018 * strength):
            return ""
        return datetime.date(year, month, min(day, 28) if month == 2 else min(day, 30)).isoformat()

    def damaged_postcode(self, child, strength):
        code = child["postcode"]
        if self.odds(0.21 * strength):
            code = child["next_postcode"] if self.odds(0.6) else self.postcode()
        if self.odds(0.045 * strength):
            code = self.slip_in_postcode(code)
        if self.odds(0.012 * strength):
            code = code.split(" ")[0]
        return "" if self.odds(0.07 * strength) else code

    def sighting(self, child, again):
        strength = 1.0 if again else 0.15
        given, family = self.damaged_given(child, strength), self.damaged_family(child, strength)
        if self.odds(0.005 * strength):
            given, family = family, given
        sex = child["sex"] if not self.odds(0.008 * strength) else ("M" if child["sex"] == "F" else "F")
        self.rows.append({
            "person_id": child["person_id"], "household_id": child["household_id"], "first_name": given,
            "middle_name": child["middle_name"] if self.odds(0.9) else "", "surname": family,
            "dob": self.damaged_date(child, strength), "sex": "" if self.odds(0.08 * strength) else sex,
            "postcode": self.damaged_postcode(child, strength),
            "house_number": "" if self.odds(0.25 * strength) else child["house_number"],
            "nhs_number": child["nhs_number"] if self.odds(0.8 if again else 1) else "",
            "agency": self.chance.choice(AGENCIES), "is_dup": int(again)})

    def household(self, number):
        culture = self.names.culture()
        family, other = self.names.family(culture), self.names.family(culture)
        postcode, later, house = self.postcode(), self.postcode(), str(self.chance.randint(1, 150))
        born, children = None, []
        count = self.chance.choices([1, 2, 3, 4, 5], [44, 39, 12, 3.5, 1.5])[0]
        while len(children) < count:
            # Of the further children of a household 33 in 1,000 are born with the one before: about 3 children in 100
            # are twins.
            twin = bool(children) and born is not None and self.odds(0.033)
            if not twin:
                born = datetime.date(2009, 1, 1) + datetime.timedelta(days=self.chance.randrange(17 * 365))
            sex = children[-1]["sex"] if twin and self.odds(0.65) else self.chance.choice("FM")
            taken = {child["first_name"] for child in children}
            given = self.names.given(culture, sex)
            while given in taken:
                given = self.names.given(culture, sex)
            children.append({
                "person_id": len(self.people), "household_id": number, "culture": culture, "first_name": given,
                "middle_name": self.names.given(culture, sex) if self.odds(0.36) else "", "sex": sex, "dob": born,
                "surname": family if not self.odds(0.04) else other, "other_family": other, "postcode": postcode,
                "next_postcode": later, "house_number": house,
                "nhs_number": self.nhs_number() if self.odds(0.45) else ""})
            self.people.append(children[-1])

    def write(self, out):
        self.people = []
        households = 0
        first_sightings = round(self.wanted * 0.7)
        while len(self.people) < first_sightings:
            self.household(households)
            households += 1
        del self.people[first_sightings:]
        for child in self.people:
            self.sighting(child, again=False)
        # Some children are seen again and again: a third of the further sightings are of those who had one already.
        seen_again = []
        while len(self.rows) < self.wanted:
            if seen_again and self.odds(0.35):
                child = self.chance.choice(seen_again)
            else:
                child = self.chance.choice(self.people)
                seen_again.append(child)
            self.sighting(child, again=True)
        self.chance.shuffle(self.rows)
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(self.rows):
            writer.writerow({"unique_id": number, **row})


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    names_in = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else pathlib.Path(__file__).resolve().parents[2] / "content"
    Population(int(sys.argv[1]), int(sys.argv[2]), names_in).write(sys.stdout)
