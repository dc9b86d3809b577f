#pragma once
// The headers of every answer, and the tokens that keep a form from being sent by another site.
#include <string>
#include <string_view>

#include "base/system.hpp"
#include "web/http.hpp"

namespace waymark::web {

// Content-Security-Policy of every page: our own style sheet and scripts, nothing inline, no frame, no other site.
// Reports go by report-uri: where report-to stands beside it Chromium sends nothing over plain HTTP.
std::string_view content_security_policy();

// Sets what each answer carries; Cache-Control: no-store only where the answer has said nothing else.
void secure(Response&, bool behind_tls);

bool same_secret(std::string_view,
                 std::string_view);  // takes the same time wherever they differ; false where both are empty
std::string make_token(Random&);     // 256 bits, hexadecimal

// False where the browser says that another site sent this.
bool from_our_own_pages(const Request&);

}  // namespace waymark::web
