"""CFG: mistakes in the YAML, found before anything is read or written."""

from __future__ import annotations

from typing import Final

from reconciler.findings.code import Code

TABLE: Final = (
    Code(
        "CFG001",
        "error",
        "Not YAML",
        "The file cannot be read as YAML at all.",
        "mend the line named; an editor with YAML support shows it too",
    ),
    Code(
        "CFG002",
        "error",
        "Unknown key",
        "The key is not one that this kind of file has.",
        "remove it, or take the key that the message suggests",
    ),
    Code(
        "CFG003",
        "error",
        "Wrong value",
        "The value is not of the kind that the key takes.",
        "write a value of the kind the message names",
    ),
    Code(
        "CFG004",
        "error",
        "Unknown version",
        "Every file starts with `version: 1`; this one has another version or none.",
        "write `version: 1`, or use a release that knows the version",
    ),
    Code(
        "CFG005",
        "error",
        "Unknown product",
        "The product is not in the catalogue.",
        "take the product the message suggests; `reconciler usage show --products` lists them",
    ),
    Code(
        "CFG006",
        "error",
        "Unknown metric",
        "The product has no such metric.",
        "take one of the metrics that the message lists",
    ),
    Code(
        "CFG007",
        "error",
        "Unknown policy",
        "No policy of that name is defined in billing.yaml.",
        "define it under `policies:`, or name one that is defined",
    ),
    Code(
        "CFG008",
        "error",
        "Unknown service",
        "No file in services/ defines a service of that name.",
        "define it in services/, or take the name the message suggests",
    ),
    Code(
        "CFG009",
        "error",
        "Organization claimed twice",
        "Two accounts claim the same organization of a product; its usage would be billed twice.",
        "leave it with one of the two accounts",
    ),
    Code(
        "CFG010",
        "error",
        "Service on two contracts",
        "One service stands on two contracts of an account and would be billed on both.",
        "leave it on one, or give each its own `organizations:`",
    ),
    Code(
        "CFG011",
        "error",
        "Account described twice",
        "Two files describe the same account, or one file lists a contract twice.",
        "merge the two",
    ),
    Code(
        "CFG012",
        "error",
        "File cannot be read",
        "The file or directory is missing, or may not be read.",
        "check the path and its permissions",
    ),
    Code(
        "CFG013",
        "error",
        "Environment variable not set",
        "A value refers to an environment variable that is not set.",
        "set it, in GitHub Actions as a secret",
    ),
    Code(
        "CFG014",
        "error",
        "A policy needs `late:`",
        "The policy dates changes to the start of the period, which is invoiced already when"
        " invoices are issued at its start.",
        "add `late: prorated-transaction` or `late: next-period` to the policy",
    ),
    Code(
        "CFG015",
        "error",
        "Secret in a file",
        "A password stands in the file itself, where everybody who can read the repository"
        " sees it.",
        "write ${NAME} and keep the value in the environment",
    ),
    Code(
        "CFG016",
        "error",
        "Too large or too deep",
        "The document nests deeper, or grows larger through aliases, than any real configuration.",
        "write it out flat, without nested aliases",
    ),
    Code(
        "CFG017",
        "error",
        "Key given twice",
        "The same key stands twice in one place; YAML tools disagree about which one counts.",
        "keep one of the two",
    ),
    Code(
        "CFG018",
        "error",
        "Key missing",
        "A key that this kind of file needs is not there.",
        "add it",
    ),
    Code(
        "CFG019",
        "error",
        "Service defined twice",
        "Two files in services/ define a service of the same name.",
        "rename one of them",
    ),
    Code(
        "CFG020",
        "error",
        "A policy test fails",
        "A case of tests/ expects other units, changes or money than the configuration gives.",
        "mend the policy, or the case if it expects the wrong thing",
    ),
    Code(
        "CFG021",
        "error",
        "Settings without a meaning together",
        "Each of the settings is right alone, and together they would do nothing, or bill what"
        " nobody can mean.",
        "change one of those that the message names",
    ),
    Code(
        "CFG022",
        "error",
        "The rest counted twice",
        "Two lines of a contract count the rest of one metric (`of: rest`) for the same"
        " organizations; each type that no line names would be billed on both. Where each is meant"
        " for organizations of its own, give each line its `organizations:`.",
        "leave one of them, or name the types of one in its `of:`",
    ),
    Code(
        "CFG023",
        "error",
        "File that nothing reads",
        "A file lies where the configuration lies and looks like a part of it, and its name, or the"
        " folder it is in, is not one that is read: what it says would count for nothing. Files of"
        " `services/`, `accounts/`, `approvals/` and `tests/` end in `.yaml` or `.yml`, in small"
        " letters; a folder in them that is a link is not followed. Left alone is what nobody takes"
        " for one: notes (`.md`), backups of editors and of git, and what is set aside by its name,"
        " as in `acme.yaml.disabled`, `acme.yaml.old`, `template.yaml` or `_acme.yaml`, or by its"
        " folder, as in `_archive/`.",
        "name it as the message suggests, or remove it; what is set aside may end in .disabled,"
        " what is for people alone in .md",
    ),
)
