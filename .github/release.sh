#!/usr/bin/env bash
# Commits the bundle on top of HEAD, tags that vX.Y.Z, and moves vX to it. The branch stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-}
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
  echo "The version \"$version\" is not of the form 1.4.0. Give the three numbers, without a v." >&2
  exit 2
fi

if ! grep --quiet --line-regexp "## ${version//./\\.}\( - .*\)\?" .github/CHANGELOG.md; then
  echo ".github/CHANGELOG.md has no heading \"## $version\". Put what is new under it, on the default branch, first." >&2
  exit 2
fi

remote="$GITHUB_SERVER_URL/$GITHUB_REPOSITORY"
# The token travels in the environment, not in arguments that every process can read.
export GIT_CONFIG_COUNT=3
export GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraHeader" GIT_CONFIG_VALUE_0=
GIT_CONFIG_VALUE_1="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$GITHUB_TOKEN" | base64 -w 0)"
export GIT_CONFIG_KEY_1="$GIT_CONFIG_KEY_0" GIT_CONFIG_VALUE_1
export GIT_CONFIG_KEY_2=credential.helper GIT_CONFIG_VALUE_2= GIT_TERMINAL_PROMPT=0

if [ -n "$(git ls-remote "$remote" "refs/tags/v$version")" ]; then
  echo "v$version is released already. Give the next version." >&2
  exit 2
fi

# GitHub lets no workflow push workflows that no branch has.
git fetch --quiet "$remote" HEAD
if ! git diff --quiet FETCH_HEAD HEAD -- .github/workflows; then
  echo "The default branch has other workflows by now than the commit that is to be released. Start the release again." >&2
  exit 2
fi

bot=(-c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com')
git checkout --quiet --detach
git add --force action/dist
git "${bot[@]}" commit --quiet --message "Release v$version"
# Both tags or neither.
git push --atomic "$remote" "HEAD:refs/tags/v$version" "+HEAD:refs/tags/v${version%%.*}"
