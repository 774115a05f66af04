# What the scripts of this folder share: the tools of the machine, the Python environment, the checkout.
# shellcheck shell=bash
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
export DJANGO_SETTINGS_MODULE=config.settings PYTHONPATH="$ROOT" PYTHONDONTWRITEBYTECODE="${PYTHONDONTWRITEBYTECODE:-}"
# Debian's OCR program reads one page on one core: more threads cost four times the time for the same text.
export OMP_THREAD_LIMIT=1

step() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# need PACKAGE TEST...: remember a Debian package whose test fails.
missing=()
need() { local package=$1; shift; "$@" >/dev/null 2>&1 || missing+=("$package"); }
# The whole list is taken before it is looked through: a list that grep hangs up on counts as failed.
has_library() { grep -q "$1" <<<"$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)"; }
has_vietnamese() { grep -qx vie <<<"$(tesseract --list-langs)"; }

install_missing() {
  [ "${#missing[@]}" -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=(sudo -n)
    else
      printf 'Thiếu gói Debian. Hãy chạy lệnh sau rồi thử lại:\n\n    sudo apt-get install -y %s\n\n' "${missing[*]}" >&2
      exit 1
    fi
  fi
  step "Cài gói Debian: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
    | sed -un 's/^Setting up \([^ ]*\).*/   \1/p' >&2
  missing=()
}

machine_for_running() {
  need python3 command -v python3
  need python3-venv python3 -c 'import ensurepip, venv'
  need tesseract-ocr command -v tesseract
  need tesseract-ocr-vie has_vietnamese
  need libpango-1.0-0 has_library libpango-1.0
  need libpangoft2-1.0-0 has_library libpangoft2-1.0
  need libharfbuzz-subset0 has_library libharfbuzz-subset
  need gettext command -v msgfmt
  need util-linux command -v setpriv
  install_missing
}

machine_for_testing() {
  need chromium command -v chromium
  need git command -v git
  need poppler-utils command -v pdftotext
  install_missing
}

# python_packages NAME...: the pinned packages of requirements/NAME.txt, once per content.
python_packages() {
  local name file stamp
  for name in "$@"; do
    file="$ROOT/requirements/$name.txt"
    stamp="$VENV/.$name-$(sha256sum "$file" | cut -c1-16)"
    [ ! -e "$stamp" ] || continue
    # One at a time: several commands may be the first to come.
    ( flock 9; [ -e "$stamp" ] || install_python_packages "$file" "$stamp" ) 9>"$ROOT/.prepare.lock"
  done
}

install_python_packages() {
  if [ ! -x "$PYTHON" ]; then step "Tạo môi trường Python"; python3 -m venv "$VENV"; fi
  step "Cài thư viện Python: $(basename "$1") ($(grep -c '==' "$1") gói, vài phút)"
  "$PYTHON" -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r "$1" 9>&- \
    | sed -un 's/^Collecting \([^ ]*\).*/   \1/p; s/^Installing collected.*/   …/p' >&2
  touch "$2"
}

# What is derived from the sources: byte code, message catalogues and collected static files, when a source is newer.
derived_files() {
  local po mo var stamp
  # The children that read files write none themselves: each would compile what it is made of anew, a tenth of a short paper's time.
  "$PYTHON" -m compileall -qq "$ROOT/documents" || true
  while IFS= read -r po; do
    mo="${po%.po}.mo"
    # Renamed into place: another command may be reading it.
    [ "$mo" -nt "$po" ] || { msgfmt -o "$mo.$$" "$po" && mv "$mo.$$" "$mo"; }
  done < <(find "$ROOT" -maxdepth 5 -path "$VENV" -prune -o -path "$ROOT/var" -prune -o -path '*/locale/vi/*' -name '*.po' -print)
  var="$("$PYTHON" -P -c 'from config.ground.paths import var_folder; print(var_folder())')"
  mkdir -p "$var"
  stamp="$var/static/.stamp"
  if [ ! -e "$stamp" ] || [ -n "$(find "$ROOT"/*/static "$ROOT/requirements/run.txt" -newer "$stamp" -type f -print -quit)" ]; then
    ( flock 9; step "Gom tệp tĩnh"; "$PYTHON" "$ROOT/manage.py" collectstatic --noinput -v0 9>&-; touch "$stamp" ) 9>"$var/static.lock"
  fi
}

prepare() {
  machine_for_running
  python_packages run
  derived_files
}

# -P: the caller's folder may hold a folder named like one of ours.
GROUND=("$PYTHON" -P -m config.ground.supervisor)

# The process becomes the command's keeper, so that a signal to the script reaches the command.
with_database() { exec "${GROUND[@]}" with -- "$@"; }

# scratch_folder NAME: data of this run alone, unless DATABASE_URL says where to go.
scratch_folder() {
  [ -z "${DATABASE_URL:-}" ] || return 0
  VANTHU_VAR="$(mktemp -d "${TMPDIR:-/tmp}/vanthu-$1.XXXXXX")"
  export VANTHU_VAR
  trap 'rm -rf "$VANTHU_VAR"' EXIT
}

with_database_then_clean() { "${GROUND[@]}" with -- "$@"; }
