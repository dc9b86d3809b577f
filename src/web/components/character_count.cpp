// Writes a character count: a textarea whose group tells the script the limit and the words.
#include "web/components/character_count.hpp"

#include <fmt/format.h>

#include "web/components/textarea.hpp"

namespace waymark::web {

namespace {

void translate(Attributes& out, const std::string& key, const Plurals& sentences) {
    for (const auto& [rule, sentence] : sentences) out.push_back({fmt::format("data-i18n.{}.{}", key, rule), sentence});
}

void translate(Attributes& out, const std::string& key, const std::string& sentence) {
    if (!sentence.empty()) out.push_back({"data-i18n." + key, sentence});
}

void number(Attributes& out, const char* name, const std::optional<int>& value) {
    if (value) out.push_back({name, std::to_string(*value)});
}

std::string replace_count(std::string sentence, int count) {
    const std::string number = std::to_string(count);
    for (std::size_t at = sentence.find("%{count}"); at != std::string::npos; at = sentence.find("%{count}", at)) {
        sentence.replace(at, 8, number);
        at += number.size();
    }
    return sentence;
}

Attributes group_attributes(const CharacterCountOptions& o, const std::string& count_type, bool limited) {
    Attributes out{{"data-module", "govuk-character-count"}};
    number(out, "data-maxlength", o.max_length);
    number(out, "data-maxwords", o.max_words);
    number(out, "data-threshold", o.threshold);
    if (!count_type.empty()) out.push_back({"data-count-type", count_type});
    // Without a limit the sentence cannot be filled in yet: the script does it once it knows the limit.
    if (!limited && !o.textarea_description_text.empty()) {
        translate(out, "textarea-description", Plurals{{"other", o.textarea_description_text}});
    }
    translate(out, "characters-under-limit", o.characters_under_limit_text);
    translate(out, "characters-at-limit", o.characters_at_limit_text);
    translate(out, "characters-over-limit", o.characters_over_limit_text);
    translate(out, "words-under-limit", o.words_under_limit_text);
    translate(out, "words-at-limit", o.words_at_limit_text);
    translate(out, "words-over-limit", o.words_over_limit_text);
    for (const Attribute& a : o.form_group.attributes) out.push_back(a);
    return out;
}

}  // namespace

Html character_count(const CharacterCountOptions& o) {
    const std::string& id = o.id.empty() ? o.name : o.id;
    const bool limited = o.max_words.value_or(0) > 0 || o.max_length.value_or(0) > 0;
    const int limit = o.max_words.value_or(0) > 0 ? *o.max_words : o.max_length.value_or(0);
    const std::string count_type = !o.count_type.empty()         ? o.count_type
                                   : o.max_words.value_or(0) > 0 ? std::string("words")
                                                                 : std::string();
    std::string description = o.textarea_description_text;
    if (description.empty()) {
        description = std::string("You can enter up to %{count} ") + (count_type == "words" ? "words" : "characters");
    }
    Html message;
    if (limited) message = replace_count(description, limit);
    FormGroupOptions group{.classes = with_word("govuk-character-count", o.form_group.classes),
                           .attributes = group_attributes(o, count_type, limited),
                           .before_input = o.form_group.before_input};
    group.after_input = hint({.text = message,
                              .id = id + "-info",
                              .classes = with_word("govuk-character-count__message", o.count_message_classes)}) +
                        o.form_group.after_input;
    return textarea({.name = o.name,
                     .id = id,
                     .label = o.label,
                     .hint = o.hint,
                     .error_message = o.error_message,
                     .value = o.value,
                     .rows = o.rows,
                     .classes = with_word("govuk-js-character-count", o.classes),
                     .described_by = id + "-info",
                     .spellcheck = o.spellcheck,
                     .form_group = group,
                     .attributes = o.attributes});
}

}  // namespace waymark::web
