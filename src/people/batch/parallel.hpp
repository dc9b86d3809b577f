#pragma once
// Work shared out over threads so that the result does not depend on how: each task writes only what is its own, and
// what is added up is integers.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace waymark::people::batch {

inline unsigned thread_count(unsigned asked) {
    if (asked != 0) return std::min(asked, 256u);
    return std::clamp(std::thread::hardware_concurrency(), 1u, 256u);
}

// Runs work(task, worker) for every task below `tasks`; worker is below `threads`. An exception ends the rest and is
// thrown again here.
template <class Work>
void parallel(std::size_t tasks, unsigned threads, Work&& work) {
    const auto workers = static_cast<unsigned>(std::min<std::size_t>(threads, tasks));
    if (workers <= 1) {
        for (std::size_t i = 0; i < tasks; ++i) work(i, 0u);
        return;
    }
    std::atomic<std::size_t> next{0};
    std::exception_ptr failed;
    std::mutex failed_mutex;
    const auto run = [&](unsigned worker) {
        try {
            for (auto i = next.fetch_add(1); i < tasks; i = next.fetch_add(1)) work(i, worker);
        } catch (...) {
            next = tasks;
            const std::scoped_lock lock(failed_mutex);
            failed = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        others.reserve(workers - 1);
        for (unsigned w = 1; w < workers; ++w) others.emplace_back(run, w);
        run(0);
    }
    if (failed) std::rethrow_exception(failed);
}

// Sorts parts apart and merges them. `less` must order any two elements, so that there is one result only.
template <class Item, class Less>
void parallel_sort(std::vector<Item>& items, unsigned threads, Less less) {
    std::size_t parts = 1;
    while (parts < threads && items.size() / (parts * 2) > 20'000) parts *= 2;
    const auto at = [&](std::size_t p) {
        return items.begin() + static_cast<std::ptrdiff_t>(items.size() * p / parts);
    };
    parallel(parts, threads, [&](std::size_t p, unsigned) { std::sort(at(p), at(p + 1), less); });
    for (std::size_t width = 1; width < parts; width *= 2) {
        parallel(parts / (2 * width), threads, [&](std::size_t p, unsigned) {
            std::inplace_merge(at(2 * width * p), at(2 * width * p + width), at(2 * width * (p + 1)), less);
        });
    }
}

// The part of `total` that falls to task `i` of `tasks`.
struct Range {
    std::size_t from;
    std::size_t to;
};
inline Range part(std::size_t total, std::size_t tasks, std::size_t i) {
    return {total * i / tasks, total * (i + 1) / tasks};
}

}  // namespace waymark::people::batch
