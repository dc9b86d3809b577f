#pragma once
// C2SP signed notes with Ed25519: text, an empty line, signatures. https://c2sp.org/signed-note
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "record/log.hpp"

namespace waymark::record {

// `text` ends with a newline; `name` is not empty and holds no white space and no plus.
std::string sign_note(std::string_view text, std::string_view name, const SigningKey&);
// The text, if the verifier's key has signed it. Signatures by other keys are passed over; one by this key that does
// not hold refuses the note.
Result<std::string> open_note(std::string_view note, std::string_view verifier);
// The name in a verifier "name+hash+key".
Result<std::string> name_of_verifier(std::string_view verifier);

}  // namespace waymark::record
