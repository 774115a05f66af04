"""
Lay a page over the first page of a PDF, in a process of its own: the PDF is somebody's upload.

    python -m documents.rendition.stamp DRAFT.pdf OVERLAY.pdf OUT.pdf
"""

import resource
import sys

MEMORY_BYTES, CPU_SECONDS, FILE_BYTES = 1 << 30, 60, 300 << 20


def main(draft: str, overlay: str, out: str) -> int:
    """Write `draft` with `overlay` drawn over its first page to `out`; the received file is only read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    from pypdf import PdfReader, PdfWriter  # under the limits

    writer = PdfWriter(clone_from=PdfReader(draft))
    page = writer.pages[0]
    page.transfer_rotation_to_content()
    page.merge_page(PdfReader(overlay).pages[0])
    writer.write(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
