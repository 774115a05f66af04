# What the scripts of this folder share: the tools of the machine, the Python environment, the checkout.
# shellcheck shell=bash
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
export DJANGO_SETTINGS_MODULE=config.settings PYTHONPATH="$ROOT" PYTHONDONTWRITEBYTECODE="${PYTHONDONTWRITEBYTECODE:-}"
# Each OCR process reads one page on one core: more threads cost four times the time for the same text.
export OMP_THREAD_LIMIT=1

step() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# need PACKAGE TEST...: remember a Debian package whose test fails.
missing=()
need() { local package=$1; shift; "$@" >/dev/null 2>&1 || missing+=("$package"); }
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }
has_vietnamese() { tesseract --list-langs 2>/dev/null | grep -qx vie; }

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
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  missing=()
}

machine_for_running() {
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
  install_missing
}

# python_packages FILE: the pinned packages of a requirements file, once per content.
python_packages() {
  local file=$1 stamp
  stamp="$VENV/.$(basename "$file")-$(sha256sum "$file" | cut -c1-16)"
  [ -e "$stamp" ] && return 0
  if [ ! -x "$PYTHON" ]; then step "Tạo môi trường Python"; python3 -m venv "$VENV"; fi
  step "Cài thư viện Python: $(basename "$file") (vài phút)"
  "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$file"
  touch "$stamp"
}

# What is derived from the sources: message catalogues and collected static files, when a source is newer.
derived_files() {
  local po mo
  while IFS= read -r po; do
    mo="${po%.po}.mo"
    [ "$mo" -nt "$po" ] || msgfmt -o "$mo" "$po"
  done < <(find "$ROOT" -path "$VENV" -prune -o -path "$ROOT/var" -prune -o -path '*/locale/vi/*' -name '*.po' -print)
  local var stamp
  var="$("$PYTHON" -c 'from config.ground.paths import var_folder; print(var_folder())')"
  mkdir -p "$var"
  stamp="$var/static/.stamp"
  if [ ! -e "$stamp" ] || [ -n "$(find "$ROOT"/*/static -newer "$stamp" -type f -print -quit)" ]; then
    step "Gom tệp tĩnh"
    "$PYTHON" "$ROOT/manage.py" collectstatic --noinput --clear -v0
    touch "$stamp"
  fi
}

prepare() {
  machine_for_running
  python_packages "$ROOT/requirements/run.txt"
  derived_files
}

with_database() { "$PYTHON" -m config.ground.supervisor with -- "$@"; }
