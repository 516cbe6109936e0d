#!/usr/bin/env bash
# Shows an incident as it was right before it was resolved, with the command line and over HTTP. Creates the incident first.
# Needs a running server (PLIVE_URL, by default http://localhost:5000) and its data directory (DATA_DIR, by default ./data).
# PLIVE is the command that runs the command line, by default `npx plive`.
set -euo pipefail

PLIVE_URL="${PLIVE_URL:-http://localhost:5000}"
export DATA_DIR="${DATA_DIR:-./data}"
PLIVE="${PLIVE:-npx plive}"

say() {
  printf '\n== %s\n' "$*"
}

# post PATH JSON: prints the answer.
post() {
  curl -sS --fail-with-body -X POST "$PLIVE_URL$1" -H "Content-Type: application/json" -d "$2"
}

# field PATH: a member of the JSON on stdin, like .id
field() {
  node -p "JSON.parse(fs.readFileSync(0, 'utf8'))$1"
}

say "Create a service, and an incident that is identified and then resolved."
SERVICE_ID="$(post /api/services '{"name": "Checkout", "description": "Takes orders"}' | field .id)"
INCIDENT_ID="$(post /api/incidents "{
  \"title\": \"Orders are refused\",
  \"description\": \"One in three orders fails\",
  \"impact\": \"major\",
  \"affectedServices\": [\"$SERVICE_ID\"],
  \"impacts\": {\"$SERVICE_ID\": \"partial\"}
}" | field .id)"
post "/api/incidents/$INCIDENT_ID/updates" '{"status": "identified", "message": "A certificate has expired."}' > /dev/null
post "/api/incidents/$INCIDENT_ID/updates" '{"status": "resolved", "message": "It was renewed."}' > /dev/null
STREAM="incident-$INCIDENT_ID"

say "The events of the incident: plive log --stream $STREAM"
$PLIVE log --stream "$STREAM"

say "What each event changed: plive show $STREAM"
$PLIVE show "$STREAM"

# The last event of the stream resolved it: the moment before is one position earlier.
RESOLVED="$($PLIVE log --stream "$STREAM" --tail 1 --json)"
AFTER="$(field .position <<< "$RESOLVED")"
BEFORE=$((AFTER - 1))

say "The incidents right before it was resolved: plive replay --until $BEFORE --projection incidents"
$PLIVE replay --until "$BEFORE" --projection incidents
STATUS_BY_REPLAY="$($PLIVE replay --until "$BEFORE" --projection incidents --json |
  field ".incidents.find(({ id }) => id === '$INCIDENT_ID').status")"

say "What its resolution changed, including the service: plive diff $BEFORE $AFTER"
# Like diff, plive diff exits with code 1 if there are differences.
$PLIVE diff "$BEFORE" "$AFTER" && exit 1

# By time: a millisecond before the recorded one.
AT="$(field ".recordedAt" <<< "$RESOLVED" | node -p 'new Date(Date.parse(fs.readFileSync(0, "utf8").trim()) - 1).toISOString()')"
say "The same over HTTP: $PLIVE_URL/api/incidents/$INCIDENT_ID?at=$AT"
STATUS_BY_HTTP="$(curl -sS --fail-with-body "$PLIVE_URL/api/incidents/$INCIDENT_ID?at=$AT" | field .status)"
SERVICE_BY_HTTP="$(curl -sS --fail-with-body "$PLIVE_URL/api/services/$SERVICE_ID?at=$AT" | field .status)"
NOW="$(curl -sS --fail-with-body "$PLIVE_URL/api/incidents/$INCIDENT_ID" | field .status)"

say "The incident was $STATUS_BY_REPLAY by the replay and $STATUS_BY_HTTP by HTTP, its service $SERVICE_BY_HTTP; now it is $NOW."
[ "$STATUS_BY_REPLAY $STATUS_BY_HTTP $SERVICE_BY_HTTP $NOW" = "identified identified partial resolved" ] || exit 1
