// A server for the browser's probes, with the product's own components, shell, application and headers.
//
//     door_pages PAYLOADS.json PROFILE.toml ENTRIES.jsonl
//
//     /positions?from=0&to=20   every place of a page, filled with those texts
//     /shell/N                  the shell of a page, filled with one
//     /echo/ANYTHING?q=…        the address itself, as a page would show it
//     /planted/N                a fault put in on purpose: the text as markup
//     /counted                  how many violations the browser has reported
// Everything else is the application on a store of its own, whose agencies, practitioners, children and entries have
// such names. Prints its address and ends with its standard input.
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <sstream>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "casework/casework.hpp"
#include "door/positions.hpp"
#include "exchange/exchange.hpp"
#include "store/store.hpp"
#include "support/scratch_files.hpp"
#include "web/app.hpp"
#include "web/csp_reports.hpp"
#include "web/page.hpp"
#include "web/security.hpp"
#include "web/static_files.hpp"
#include "web/words.hpp"

namespace {

using namespace waymark;

template <class T>
T need(Result<T> result, const char* what) {
    if (!result) throw std::runtime_error(std::string(what) + ": " + describe(result.error()));
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string whole(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::size_t number_in(std::string_view text) {
    std::size_t number = 0;
    for (const char c : text.substr(0, 6)) {
        if (c >= '0' && c <= '9') number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

// The application, founded and filled.
struct Filled {
    testing::ScratchFolder folder;
    SystemClock clock;
    SystemRandom random;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<casework::Office> office;
    std::ostringstream log_text;
    Log log{log_text, clock};
    std::unique_ptr<web::App> app;

    Filled(const std::string& profile, const std::string& entries) {
        const std::string content = std::string(WAYMARK_SOURCE_DIR) + "/content";
        store = need(store::open({store::Engine::sqlite, folder / "door.db"}, store::Opening::create, {}), "store");
        need(casework::found_partnership(*store, content, whole(profile), profile, true, clock, random), "found");
        office = need(casework::open_office(*store, content, std::nullopt, clock, random), "office");
        record::Asker asker;
        asker.practitioner = "operator";
        asker.role = "operator";
        asker.purpose = "operation";
        asker.session = "command";
        asker.route = "door";
        asker.from = "local";
        exchange::ImportOptions options;
        options.on_refusal = [](const exchange::Refusal& one) {
            std::cerr << one.line << ": " << one.place << ": " << one.reason << "\n";
        };
        const auto tally =
            need(exchange::import_files(*office, asker, exchange::Format::entries, {entries}, options), "import");
        std::cerr << tally.taken << " entries taken, " << tally.refused << " refused\n";
        web::AppOptions app_options;
        app_options.assets_dir = WAYMARK_ASSETS_DIR;
        app_options.names_may_sign_in = true;
        app = need(web::App::make(*office, app_options, log, {}), "app");
    }
};

struct Pages {
    std::vector<std::string> payloads;
    web::StaticFiles files = need(web::StaticFiles::load(WAYMARK_ASSETS_DIR), "assets");
    web::Assets assets = need(web::read_assets(files.manifest()), "manifest");
    SystemClock clock;
    std::ostringstream log_text;
    Log log{log_text, clock};
    web::CspReports reports{log};
    Filled filled;

    Pages(const std::string& file, const std::string& profile, const std::string& entries) : filled(profile, entries) {
        const json::value list = need(parse_json(whole(file)), "payloads");
        for (const json::value& one : list.as_array()) payloads.emplace_back(one.as_string());
    }

    [[nodiscard]] web::Response show(const web::Page& page) const {
        web::Response response;
        response.body = web::render(page, assets);
        return response;
    }
    [[nodiscard]] web::Response positions(const web::Request& request) const {
        web::Page page;
        page.title = "Positions";
        const std::size_t from = number_in(request.target.query.first("from"));
        const std::size_t to = std::min(number_in(request.target.query.first("to")), payloads.size());
        for (std::size_t n = from; n < to; ++n) page.content += door::positions(payloads[n], n);
        return show(page);
    }
    [[nodiscard]] web::Response shell(const std::string& p) const {
        web::Page page;
        page.title = p;
        page.lang = "en";
        page.product = p;
        page.service_name = p;
        page.home_url = p;
        page.navigation = {{.text = p, .href = p}, {.text = p, .href = p, .current = true}};
        page.signed_in = web::SignedIn{.name = p, .agency = p, .sign_out_url = "/sign-out", .form_token = p};
        page.back_link = web::BackLinkOptions{.href = p, .text = p};
        page.errors = {{.text = p, .href = "#" + p}};
        page.demonstration = true;
        page.before_main = p;
        page.content = p;
        page.print_note = p;
        page.footer_note = p;
        page.words.demonstration = p;
        page.words.sign_out = p;
        return show(page);
    }
    [[nodiscard]] web::Response echo(const web::Request& request) const {
        web::Page page;
        page.title = "Address";
        page.content = web::paragraph(request.target.path);
        for (const auto& [name, values] : request.target.query.fields()) {
            for (const auto& value : values) page.content += web::paragraph(name + " " + value);
        }
        page.content += web::link(request.target.path, request.target.path);
        return show(page);
    }
    // What the test must find: the text as markup.
    [[nodiscard]] web::Response planted(const std::string& p) const {
        web::Page page;
        page.title = "Planted";
        page.content = web::Html::raw("<div data-at=\"planted\" data-n=\"0\">" + p + "</div>");
        return show(page);
    }

    web::Response answer(const web::Request& request) {
        const auto& segments = request.target.segments;
        if (segments.size() == 1 && segments[0] == "positions") return positions(request);
        if (segments.size() == 1 && segments[0] == "counted") {
            web::Response response;
            response.content_type = "text/plain";
            response.body = std::to_string(reports.counted());
            return response;
        }
        if (segments.size() == 1 && segments[0] == "csp-report" && request.method == web::Method::post)
            return reports.take(request, clock.now());
        if (segments.size() == 2 && number_in(segments[1]) < payloads.size()) {
            const std::string& payload = payloads[number_in(segments[1])];
            if (segments[0] == "shell") return shell(payload);
            if (segments[0] == "planted") return planted(payload);
        }
        if (!segments.empty() && segments[0] == "echo") return echo(request);
        return filled.app->handle(request);
    }
    web::Response handle(const web::Request& request) {
        const auto& segments = request.target.segments;
        static constexpr std::string_view ours[] = {"positions", "counted", "csp-report", "shell", "planted", "echo"};
        web::Response response = answer(request);
        const bool mine =
            !segments.empty() && std::find(std::begin(ours), std::end(ours), segments[0]) != std::end(ours);
        if (mine) web::secure(response, false);
        return response;
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::cerr << "door_pages PAYLOADS.json PROFILE.toml ENTRIES.jsonl\n";
        return 2;
    }
    try {
        Pages pages(argv[1], argv[2], argv[3]);
        web::ServerOptions options;
        options.port = 0;
        auto server = need(
            web::Server::start(options, [&](const web::Request& request) { return pages.handle(request); }), "server");
        std::cout << "http://127.0.0.1:" << server->port() << "/" << std::endl;
        std::cin.ignore(std::numeric_limits<std::streamsize>::max());
    } catch (const std::exception& fault) {
        std::cerr << fault.what() << "\n";
        return 1;
    }
    return 0;
}
