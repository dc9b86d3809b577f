#pragma once
// What other systems call a person, a case or an entry is kept covered in the columns by which it is looked up, so that
// a copy of the store does not tell it: the same name gives the same cover, and only the holder of the key can make or
// lift one. With it go the digest and the salt of an entry, by which a guess at its text could be proved.
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "store/store.hpp"

namespace waymark::store {

enum class NameOf : std::uint8_t { entry = 1, person = 2, matter = 3, incident = 4 };  // never change

class NameCover {
public:
    virtual ~NameCover() = default;
    [[nodiscard]] virtual std::string cover(NameOf, std::string_view) const = 0;
    [[nodiscard]] virtual std::string uncover(NameOf, std::string_view) const = 0;  // what is not covered stays
    // Many of one kind at once, in their places.
    virtual void uncover_each(NameOf of, std::span<std::string* const> covered) const {
        for (auto* one : covered) *one = uncover(of, *one);
    }
    // Covers and uncovers: exclusive or with what only the key and the entry give.
    virtual void mask(EntryId, std::span<std::uint8_t, 32> digest, std::span<std::uint8_t, 32> salt) const = 0;
};

// From now on, for everybody who works with this store in this process.
void cover_names(Store&, Partnership, std::shared_ptr<const NameCover>);

// Covers whatever was kept before there was a cover; all of it in the caller's transaction.
void cover_kept_names(Transaction&, Partnership, const NameCover&);

// What the two stores hand to whoever works on them.
class NameCovers {
public:
    void set(Partnership p, std::shared_ptr<const NameCover> cover) {
        const std::scoped_lock lock(mutex_);
        covers_[p] = std::move(cover);
    }
    [[nodiscard]] std::shared_ptr<const NameCover> of(Partnership p) const {
        const std::scoped_lock lock(mutex_);
        const auto found = covers_.find(p);
        return found == covers_.end() ? nullptr : found->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<Partnership, std::shared_ptr<const NameCover>> covers_;
};
class HasNameCovers {
public:
    virtual ~HasNameCovers() = default;
    [[nodiscard]] NameCovers& covers() { return *covers_; }

protected:
    std::shared_ptr<NameCovers> covers_ = std::make_shared<NameCovers>();
};

}  // namespace waymark::store
