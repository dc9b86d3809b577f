// Schema versions: what a store has, what this program writes.
#include "store/schema.hpp"

#include "base/system.hpp"

#include <fmt/format.h>

#include <chrono>

namespace waymark::store {

int schema_version() {
    return static_cast<int>(sqlite_migrations().size());
}

namespace {
const std::vector<std::string_view>& migrations(Engine engine) {
    return engine == Engine::sqlite ? sqlite_migrations() : postgresql_migrations();
}
}  // namespace

int stored_version(Connection& connection) {
    bool made = false;
    connection.run(
        connection.engine() == Engine::sqlite
            ? "select 1 from sqlite_schema where type = 'table' and name = 'migration'"
            : "select 1 from pg_catalog.pg_tables where schemaname = current_schema() and tablename = 'migration'",
        {}, [&](CellView) { made = true; });
    if (!made) return 0;
    int version = 0;
    connection.run("select coalesce(max(version), 0) from migration", {},
                   [&](CellView row) { version = static_cast<int>(row[0].whole); });
    return version;
}

void migrate(Connection& connection) {
    const auto& all = migrations(connection.engine());
    // The time of a migration is information for operators only; it is not a fact of the record.
    const Instant now = SystemClock{}.now();
    for (std::size_t done = static_cast<std::size_t>(stored_version(connection)); done < all.size(); ++done) {
        connection.exec(std::string(all[done]));
        connection.run("insert into migration (version, applied) values ($1, $2)", {cell(done + 1), cell(now.micros)});
    }
}

Result<void> check_version(int stored, Opening opening, std::string_view place) {
    if (stored > schema_version()) {
        return fault(
            FaultKind::conflict, std::string(place),
            fmt::format("the store has schema version {}, this program knows up to {}", stored, schema_version()),
            "use the newer program that wrote it");
    }
    if (stored == 0 && opening != Opening::create) {
        return fault(FaultKind::missing, std::string(place), "there is no Waymark store here",
                     "make one with `waymark init`");
    }
    if (stored < schema_version() && opening == Opening::read_only) {
        return fault(FaultKind::conflict, std::string(place),
                     "the store has an older schema and was opened for reading only",
                     "open it once for writing, so that it is brought up to date");
    }
    return {};
}

}  // namespace waymark::store
