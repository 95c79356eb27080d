from __future__ import annotations

import yaml

from assistant.dialogue.decisions import Act
from assistant.listening import ACTS
from assistant.training import DOMAIN

RULES = DOMAIN.parent.parent / "training_data" / "rules"


def test_intents_mean_what_the_dialogue_rules_make_of_them() -> None:
    made: dict[str, set[str]] = {}
    for path in RULES.glob("*.yml"):
        for rule in yaml.safe_load(path.read_text("utf-8")).get("rules", []):
            steps = rule["steps"]
            intent = next((step["intent"] for step in steps if "intent" in step), None)
            action = next((step["action"] for step in steps if "action" in step), "")
            if intent and action.startswith("action_"):
                made.setdefault(intent, set()).add(action.removeprefix("action_"))
    assert set(made) == set(ACTS)
    for intent, acts in made.items():
        assert ACTS[intent] in {Act(act) for act in acts}, intent
