#pragma once
// A database of its own on the scratch server that WAYMARK_TEST_PG names, dropped afterwards.
//
// It is copied from a template with the schema in it, which the first one makes: copying takes a tenth of the time.
#include <libpq-fe.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include "store/store.hpp"

namespace waymark::testing {

class ScratchDatabase {
public:
    static bool possible() {
        const char* server = std::getenv("WAYMARK_TEST_PG");
        return server != nullptr && *server != '\0';
    }

    ScratchDatabase() : name_("waymark_test_" + std::to_string(::getpid()) + "_" + std::to_string(next())) {
        static const Template made;
        on_server("create database " + name_ + " template " + made.name);
    }
    ~ScratchDatabase() { drop(name_); }
    ScratchDatabase(const ScratchDatabase&) = delete;
    ScratchDatabase& operator=(const ScratchDatabase&) = delete;
    [[nodiscard]] std::string url() const { return url_of(name_); }

    // One statement on the server's own database. Throws where it fails.
    static void on_server(const std::string& sql) { run(std::getenv("WAYMARK_TEST_PG"), sql); }
    // The same in this database.
    void on_this(const std::string& sql) const { run(url(), sql); }

private:
    static void run(const std::string& where, const std::string& sql) {
        const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(PQconnectdb(where.c_str()), PQfinish);
        const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()), PQclear);
        const ExecStatusType status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
            throw std::runtime_error(PQerrorMessage(connection.get()));
    }

    struct Template {
        Template() : name("waymark_template_" + std::to_string(::getpid())) {
            on_server("create database " + name);
            const auto made = store::open({store::Engine::postgresql, url_of(name)}, store::Opening::create);
            if (!made) throw std::runtime_error("scratch template: " + describe(made.error()));
        }
        ~Template() { drop(name); }
        Template(const Template&) = delete;
        Template& operator=(const Template&) = delete;
        std::string name;
    };

    static void drop(const std::string& name) {
        try {
            on_server("drop database if exists " + name + " with (force)");
        } catch (const std::exception&) {
            // A server that is gone has taken the database with it.
        }
    }

    // The server's URL with another database name: postgresql://host/NAME?options
    static std::string url_of(const std::string& name) {
        std::string url = std::getenv("WAYMARK_TEST_PG");
        const std::size_t authority = url.find("://") + 3;
        const std::size_t query = std::min(url.find('?', authority), url.size());
        const std::size_t slash = std::min(url.find('/', authority), query);
        return url.substr(0, slash) + "/" + name + url.substr(query);
    }

    static int next() {
        static std::atomic<int> count{0};
        return ++count;
    }
    std::string name_;
};

}  // namespace waymark::testing
