#!/bin/bash
# The node's own entry point wants the first admin password in the environment; it stands in a file.
set -eu
secret=/run/secrets/opensearch_password
[ -s "$secret" ] || { echo "opensearch: $secret is missing or empty: write a password into it" >&2; exit 1; }
OPENSEARCH_INITIAL_ADMIN_PASSWORD=$(cat "$secret")
export OPENSEARCH_INITIAL_ADMIN_PASSWORD
exec ./opensearch-docker-entrypoint.sh opensearch
