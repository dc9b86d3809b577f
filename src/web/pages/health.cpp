// For those who watch the service: no record data, no names, nothing that helps an intruder.
#include "base/json.hpp"
#include "web/pages/pages.hpp"

namespace waymark::web {

namespace {

Response as_json(const json::object& object, unsigned status) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = write_json(object) + "\n";
    return response;
}

Result<Response> liveness(Visit&) {
    return as_json({{"status", "UP"}}, 200);
}

Result<Response> readiness(Visit& visit) {
    const auto read = visit.office().store.read([](store::Snapshot& snapshot) -> Result<void> {
        static_cast<void>(snapshot.partnerships());
        return {};
    });
    json::object answer{{"status", read ? "UP" : "OUT_OF_SERVICE"}};
    if (visit.setting().health) {
        const jobs::Status status = visit.setting().health();
        answer["log_size"] = status.log_size;
        answer["queued"] = status.queued;
        answer["last_checkpoint"] = to_string(status.last_checkpoint);
        answer["spool_waiting"] = status.spool_waiting;
        if (status.spool_damaged > 0) answer["spool_damaged"] = status.spool_damaged;
        answer["caretaker"] = status.last_fault.empty() ? "UP" : "FAULT";
    }
    return as_json(answer, read ? 200 : 503);
}

Result<Response> ping(Visit&) {
    Response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "pong\n";
    return response;
}

}  // namespace

std::vector<PageRoute> health_pages() {
    return {{{Method::get, "/health", Shows::nothing, "health", true}, readiness},
            {{Method::get, "/health/liveness", Shows::nothing, "health.liveness", true}, liveness},
            {{Method::get, "/health/readiness", Shows::nothing, "health.readiness", true}, readiness},
            {{Method::get, "/ping", Shows::nothing, "ping", true}, ping}};
}

}  // namespace waymark::web
