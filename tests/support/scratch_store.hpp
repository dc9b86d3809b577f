#pragma once
// Stores that live as long as a test: a SQLite file in a folder of its own, and a PostgreSQL database where
// WAYMARK_TEST_PG names a server (a libpq URL) on which databases may be made.
//
//     ScratchStore scratch;                                   // SQLite
//     scratch->write(…);
//     for_each_engine([](store::Store& store) { … });         // SQLite, then PostgreSQL where there is one
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "support/scratch_files.hpp"
#include "support/scratch_postgresql.hpp"

namespace waymark::testing {

class ScratchStore {
public:
    explicit ScratchStore(store::Engine engine = store::Engine::sqlite, store::Options options = {})
        : options_(options) {
        if (engine == store::Engine::postgresql) {
            database_ = std::make_unique<ScratchDatabase>();
            address_ = {engine, database_->url()};
        } else {
            address_ = {engine, folder_ / "store.db"};
        }
        open(store::Opening::create);
    }
    store::Store& operator*() { return *store_; }
    store::Store* operator->() { return store_.get(); }
    [[nodiscard]] const store::Address& address() const { return address_; }
    [[nodiscard]] const ScratchFolder& folder() const { return folder_; }
    [[nodiscard]] const ScratchDatabase& database() const { return *database_; }  // PostgreSQL only

    void close() { store_.reset(); }
    void open(store::Opening opening = store::Opening::existing) {
        auto opened = store::open(address_, opening, options_);
        if (!opened) throw std::runtime_error("scratch store: " + describe(opened.error()));
        store_ = std::move(*opened);
    }

private:
    ScratchFolder folder_;
    std::unique_ptr<ScratchDatabase> database_;
    store::Options options_;
    store::Address address_;
    std::unique_ptr<store::Store> store_;
};

// The engines that can be tested here; says loudly when PostgreSQL cannot.
inline std::vector<store::Engine> engines_to_test() {
    if (ScratchDatabase::possible()) return {store::Engine::sqlite, store::Engine::postgresql};
    static bool said = false;
    if (!said) MESSAGE("WAYMARK_TEST_PG is not set: PostgreSQL is NOT tested, SQLite only");
    said = true;
    return {store::Engine::sqlite};
}

inline void for_each_scratch(const std::function<void(ScratchStore&)>& test) {
    for (const store::Engine engine : engines_to_test()) {
        INFO((engine == store::Engine::sqlite ? "on SQLite" : "on PostgreSQL"));
        ScratchStore scratch(engine);
        test(scratch);
    }
}

inline void for_each_engine(const std::function<void(store::Store&)>& test) {
    for_each_scratch([&](ScratchStore& scratch) { test(*scratch); });
}

}  // namespace waymark::testing
