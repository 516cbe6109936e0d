#!/usr/bin/env bash
# A walk through the REST API with curl, against a running server: PLIVE_URL, by default http://localhost:5000.
# Prints what it does, exits with code 1 at the first unexpected response, and deletes what it created.
set -euo pipefail

PLIVE_URL="${PLIVE_URL:-http://localhost:5000}"
RUN="$(node -p 'crypto.randomUUID()')"
ANSWERS="$(mktemp -d)"
trap 'rm -rf "$ANSWERS"' EXIT

say() {
  printf '%s\n' "$*"
}

fail() {
  say "  That is not as expected: $*" >&2
  exit 1
}

# request STATUS CURL-ARGUMENTS...: sends a request and expects this status. Writes the response to $ANSWERS/body and
# $ANSWERS/headers.
request() {
  local expected="$1" status
  shift
  : > "$ANSWERS/body"
  status="$(curl -sS -o "$ANSWERS/body" -D "$ANSWERS/headers" -w '%{http_code}' "$@")" || fail "no answer from $PLIVE_URL."
  [ "$status" = "$expected" ] || fail "status $status instead of $expected: $(cat "$ANSWERS/body")"
}

# field PATH: a member of the JSON answer, like .updates.length
field() {
  node -p "JSON.parse(fs.readFileSync(0, 'utf8'))$1" < "$ANSWERS/body"
}

header() {
  sed -n "s/^$1: //Ip" "$ANSWERS/headers" | tr -d '\r'
}

# expect WHAT ACTUAL EXPECTED
expect() {
  [ "$2" = "$3" ] || fail "$1 is \"$2\" instead of \"$3\"."
}

say "This walks through the API of $PLIVE_URL."
request 200 "$PLIVE_URL/health"
expect "The health" "$(field .status)" ok
say "The server is healthy."

request 201 -X POST "$PLIVE_URL/api/services" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: service-$RUN" \
  -d '{
    "name": "Payment Service",
    "description": "Payment processing and billing",
    "status": "operational"
  }'
SERVICE_ID="$(field .id)"
FIRST_ETAG="$(header ETag)"
expect "The name" "$(field .name)" "Payment Service"
say "Created the service $SERVICE_ID. Its ETag is $FIRST_ETAG."

request 201 -X POST "$PLIVE_URL/api/services" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: service-$RUN" \
  -d '{
    "name": "Payment Service",
    "description": "Payment processing and billing",
    "status": "operational"
  }'
expect "The repeated service" "$(field .id)" "$SERVICE_ID"
say "Sent the same request with the same Idempotency-Key: the response names the same service, and no second one was created."

request 422 -X POST "$PLIVE_URL/api/services" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: service-$RUN" \
  -d '{"name": "Another Service", "description": "Something else"}'
expect "The code" "$(field .code)" key-reused
say "Sent another body with that key: it was refused."

request 200 "$PLIVE_URL/api/services/$SERVICE_ID"
expect "The ETag" "$(header ETag)" "$FIRST_ETAG"
request 304 "$PLIVE_URL/api/services/$SERVICE_ID" -H "If-None-Match: $FIRST_ETAG"
say "Read the service, and asked whether it had changed since: 304, it had not."

request 200 -X PUT "$PLIVE_URL/api/services/$SERVICE_ID" \
  -H "Content-Type: application/json" \
  -H "If-Match: $FIRST_ETAG" \
  -d '{
    "status": "degraded",
    "uptime": 98.5
  }'
expect "The status" "$(field .status)" degraded
expect "The uptime" "$(field .uptime)" 98.5
say "Reported the service as degraded, on condition that nobody had changed it in the meantime."

request 412 -X PUT "$PLIVE_URL/api/services/$SERVICE_ID" \
  -H "Content-Type: application/json" \
  -H "If-Match: $FIRST_ETAG" \
  -d '{"status": "operational"}'
expect "The code" "$(field .code)" stale
expect "The number of missed events" "$(field .events.length)" 2
say "Tried another change with the old ETag: it was refused, and the response lists the two events in between."

request 201 -X POST "$PLIVE_URL/api/incidents" \
  -H "Content-Type: application/json" \
  -d '{
    "title": "Database Connection Issues",
    "description": "Users experiencing login problems",
    "impact": "major",
    "affectedServices": ["Authentication Service", "Database Cluster"]
  }'
INCIDENT_ID="$(field .id)"
expect "The status" "$(field .status)" investigating
say "Opened the incident $INCIDENT_ID."

request 201 -X POST "$PLIVE_URL/api/incidents/$INCIDENT_ID/updates" \
  -H "Content-Type: application/json" \
  -H "Idempotency-Key: update-$RUN" \
  -d '{
    "status": "identified",
    "message": "We have identified the root cause and are implementing a fix."
  }'
UPDATE_ID="$(field .id)"
request 200 "$PLIVE_URL/api/incidents/$INCIDENT_ID"
expect "The status" "$(field .status)" identified
expect "The update" "$(field '.updates[0].id')" "$UPDATE_ID"
say "Posted an update, which moved the incident to identified."

request 201 -X POST "$PLIVE_URL/api/services" \
  -H "Content-Type: application/json" \
  -d '{"name": "Service", "description": "Test", "organizationId": "org-456"}'
ORGANIZATION_SERVICE_ID="$(field .id)"
request 200 "$PLIVE_URL/api/status?organizationId=org-456"
expect "The organization" "$(field .organizationId)" org-456
say "Created a service of org-456. The status of org-456 is $(field .overallStatus), with $(field .totalServices) service(s)."

request 200 "$PLIVE_URL/api/status"
say "The status of all organisations together is $(field .overallStatus)."

request 400 -X POST "$PLIVE_URL/api/services" \
  -H "Content-Type: application/json" \
  -d '{"name": "Payment Service", "status": "on fire"}'
expect "The media type" "$(header Content-Type)" "application/problem+json; charset=utf-8"
expect "The number of errors" "$(field .errors.length)" 2
say "Sent an invalid request on purpose. The server answered: $(field .error)"

request 204 -X DELETE "$PLIVE_URL/api/incidents/$INCIDENT_ID"
request 204 -X DELETE "$PLIVE_URL/api/services/$ORGANIZATION_SERVICE_ID"
request 204 -X DELETE "$PLIVE_URL/api/services/$SERVICE_ID"
request 404 "$PLIVE_URL/api/services/$SERVICE_ID"
say "Deleted everything that was created. Everything was as expected."
