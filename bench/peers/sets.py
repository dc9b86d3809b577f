"""The sets: which files, which column is the id and which the truth, and which fields every tool may use.

prepare() writes what the tools read: the id and the fields, nothing else, so that none can see the truth. Leading
spaces (febrl) are stripped. The truth goes to a file that only the scorer opens.
"""
import csv
import dataclasses
import lzma
import pathlib


@dataclasses.dataclass
class Set:
    files: list      # one to find repeated records in, two to link
    id: str
    truth: str       # a column, or "" where the number within the id is the truth (febrl)
    fields: dict     # header -> Waymark's kind of column
    twins: bool = False  # children in households: count the twins that are linked wrongly
    made: bool = False   # by make_population.py


FEBRL = {"given_name": "given_name", "surname": "family_name", "street_number": "text", "address_1": "address",
         "address_2": "text", "suburb": "text", "postcode": "postcode", "state": "text",
         "date_of_birth": "date_of_birth", "soc_sec_id": "number"}
CHILDREN = {"first_name": "given_name", "surname": "family_name", "dob": "date_of_birth", "sex": "sex",
            "postcode": "postcode"}

SETS = {
    "febrl3": Set(["febrl3.csv"], "rec_id", "", FEBRL),
    "febrl4": Set(["febrl4a.csv", "febrl4b.csv"], "rec_id", "", FEBRL),
    "fake_1000": Set(["fake_1000.csv"], "unique_id", "cluster",
                     {"first_name": "given_name", "surname": "family_name", "dob": "date_of_birth", "city": "text",
                      "email": "email"}),
    "historical_50k": Set(["historical_50k.csv"], "unique_id", "cluster",
                          {"first_name": "given_name", "surname": "family_name", "dob": "date_of_birth",
                           "postcode_fake": "postcode", "birth_place": "text", "occupation": "text", "gender": "sex"}),
    "pop100k": Set(["pop100k.csv"], "unique_id", "person_id", CHILDREN, twins=True),
    "pop1m": Set(["pop1m.csv"], "unique_id", "person_id", CHILDREN, twins=True),
}


def made_set(seed):
    return Set(["made_%d.csv" % seed], "unique_id", "person_id", CHILDREN, twins=True, made=True)


def set_named(name):
    return made_set(int(name[len("made_"):])) if name.startswith("made_") else SETS[name]


def input_files(name, folder):
    return [pathlib.Path(folder) / ("%s_%d.csv" % (name, number)) for number in range(len(set_named(name).files))]


def truth_file(name, folder):
    return pathlib.Path(folder) / ("%s_truth.csv" % name)


def opened(path):
    """The file, or what its compressed form holds."""
    if path.exists():
        return open(path, encoding="utf-8", newline="")
    return lzma.open(str(path) + ".xz", "rt", encoding="utf-8", newline="")


def prepare(name, source, folder):
    """False where the set's files are not in `source`."""
    described = set_named(name)
    found = [pathlib.Path(source) / file for file in described.files]
    if not all(path.exists() or pathlib.Path(str(path) + ".xz").exists() for path in found):
        return False
    with open(truth_file(name, folder), "w", encoding="utf-8", newline="") as truth_out:
        truths = csv.writer(truth_out, lineterminator="\n")
        truths.writerow(["id", "truth", "file"])
        for number, (path, target) in enumerate(zip(found, input_files(name, folder))):
            with opened(path) as lines, \
                    open(target, "w", encoding="utf-8", newline="") as out:
                reader = csv.reader(lines, skipinitialspace=True)
                header = [each.strip() for each in next(reader)]
                at = [header.index(each) for each in described.fields]
                id_at = header.index(described.id)
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(["id"] + list(described.fields))
                for row in reader:
                    record = row[id_at].strip()
                    writer.writerow([record] + [row[each].strip() for each in at])
                    entity = row[header.index(described.truth)] if described.truth else record.split("-")[1]
                    truths.writerow([record, entity, number])
    return True
