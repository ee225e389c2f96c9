"""What to do next can be copied from where it is read."""

from __future__ import annotations

from markdown_it import MarkdownIt

from reconciler.report.sentences import Next
from reconciler.report.steps_markdown import numbered

STEPS = (
    Next("Look."),
    Next("Read usage.", ("reconciler usage pull",)),
    Next("Approve it.", ("reconciler plan --out plan.json", "reconciler approve")),
    Next("Merge it."),
)


def test_commands_that_follow_each_other_have_a_line_each() -> None:
    assert numbered(STEPS) == (
        "1. Look.\n"
        "2. Read usage. `reconciler usage pull`\n"
        "3. Approve it.\n"
        "\n"
        "   ```sh\n"
        "   reconciler plan --out plan.json\n"
        "   reconciler approve\n"
        "   ```\n"
        "\n"
        "4. Merge it."
    )


def test_the_block_belongs_to_its_step_and_the_numbers_go_on() -> None:
    for many in (STEPS, STEPS * 5):
        tokens = MarkdownIt().parse(numbered(many))
        assert sum(one.type == "ordered_list_open" for one in tokens) == 1
        assert sum(one.type == "list_item_open" for one in tokens) == len(many)
        blocks = {one.content for one in tokens if one.type == "fence"}
        assert blocks == {"reconciler plan --out plan.json\nreconciler approve\n"}
