"""
What schemathesis cannot know of the API (npm run check:api), with why. Ids and cursors are the service's own: three of
four made-up ids become ids of things that exist (IDS of the environment); the fourth stays, for what is not there must
be refused well too. And what fits the schema may still be refused by a rule that no schema says: BEYOND_SCHEMA.
"""
import itertools
import json
import os
import re

import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

IDS = json.loads(os.environ["IDS"])
SPARE = json.loads(os.environ["SPARE"])
PATH = {"split": "test", "index": 1, "name": os.environ["FIGURE"]}
QUERY_IDS = {"experimentId": IDS["experiments"], "trialId": IDS["trials"], "datasetId": IDS["datasets"]}

# Details of answers 400 to requests that fit the schema of their operation. All else that fits must be accepted.
BEYOND_SCHEMA = [
    # JSON Schema has no word for text without control characters; a pattern on every string would hide what it means.
    r"must be text without control characters and lone surrogates",
    # Keys that JavaScript could take for an object's prototype, where a schema leaves open what a value is.
    r"^body must not have a key __proto__",
    # Cursors are the service's own and cannot be made up.
    r"^cursor must be the nextCursor of this list",
    r"^query\.after must be <= \d+, the number of the last event",
    # A list with commas or repeated: ?type=a,b and ?type=a&type=b.
    r"^query\.type must be one of state, progress,",
    # Which files and fields belong together depends on the format of an upload.
    r"^\w+ (must be one of [\w, ]+ when format is|is required|must come|must be left out when)",
    # A file has content, and a name that is text.
    r"^\w+ must (be a file with|have a file name)",
    # What is sent as a file is no form.
    r"^body must be multipart/form-data",
    # A spec has the schema of its kind, which GET /v1/kinds gives; either it or a preset is given.
    r"^(spec|overrides|preset|kind)\b",
]

turns = itertools.count()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Schemathesis 4.32 writes prefixItems as the items of an older draft, and then refuses its own schema."""
    def rewrite(value):
        if isinstance(value, list):
            return [rewrite(member) for member in value]
        if not isinstance(value, dict):
            return value
        copy = {key: rewrite(member) for key, member in value.items()}
        if isinstance(copy.get("prefixItems"), list):
            copy["items"] = {"anyOf": copy.pop("prefixItems")}
        return copy

    raw_schema.update(rewrite(raw_schema))


@schemathesis.hook
def before_call(context, case, kwargs):
    path = case.operation.path.split("/")[2:]
    # What is deleted is there for that, so that the rest stays for the other operations.
    known = SPARE if case.operation.method.upper() == "DELETE" else IDS
    resource = next((part for part in path if part in known), None)
    if case.path_parameters and next(turns) % 4 > 0:
        real = {**PATH, **({} if resource is None else {"id": known[resource]})}
        case.path_parameters.update({name: value for name, value in real.items() if name in case.path_parameters})
    for name, value in QUERY_IDS.items():
        if case.query and len(str(case.query.get(name, ""))) == 36 and next(turns) % 4 > 0:
            case.query[name] = value


@schemathesis.check
def accepts_what_fits(ctx, response, case):
    """positive_data_acceptance, which is switched off, but for BEYOND_SCHEMA."""
    if response.status_code == 400:
        detail = response.json().get("detail", "")
        if any(re.search(pattern, detail) for pattern in BEYOND_SCHEMA):
            return None
    return positive_data_acceptance(ctx, response, case)
