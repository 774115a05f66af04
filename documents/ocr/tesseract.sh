#!/bin/sh
# Tesseract with a limit of its own, ending when the reader that started it ends: no engine outlives its supervisor.
ulimit -S -t "${VANTHU_OCR_SECONDS:-60}" 2>/dev/null
if command -v setpriv >/dev/null 2>&1; then
    exec setpriv --pdeathsig KILL tesseract "$@"
fi
exec tesseract "$@"
