"""The reasons as English sentences; rooms with a catalogue translate them (`%(name)s` are placeholders)."""

from documents.ocr.model import Reason

SENTENCES: dict[Reason, str] = {
    Reason.EMPTY: "The file is empty. Scan or export the paper again.",
    Reason.UNKNOWN_TYPE: (
        "The file is no PDF, picture, text or table of an office program, whatever its name says. Send the paper as one."
    ),
    Reason.OLD_OFFICE: (
        "The file is kept, but its words are not read: it comes from an old office program. "
        "Send it again as PDF or .docx."
    ),
    Reason.NO_OFFICE: (
        "The file is kept, but its words are not read: LibreOffice is not on this machine. Ask the administrator to install "
        "libreoffice-writer-nogui and libreoffice-calc-nogui, then have the file read again; or send it as PDF or .docx."
    ),
    Reason.NOT_CONVERTED: (
        "The file is kept, but LibreOffice could not open it: it may be damaged, or protected by a password. "
        "Save it as PDF and send it again."
    ),
    Reason.ENCRYPTED: "The file is protected by a password. Remove the password and send it again.",
    Reason.TRUNCATED: "The file breaks off before its end. Send it again from the original.",
    Reason.BROKEN: "The file is damaged and cannot be opened. Scan or export the paper again.",
    Reason.UNREADABLE_IMAGE: "The picture on page %(page)s cannot be shown. Scan this page again.",
    Reason.TOO_MANY_PAGES: "The file has more than %(limit)s pages. Divide it and send the parts.",
    Reason.TOO_LARGE_PAGE: "Page %(page)s is too large to be drawn. Scan it at its natural size.",
    Reason.TOO_MANY_PIXELS: "The picture on page %(page)s has too many pixels. Scan it at 200 to 300 dots per inch.",
    Reason.TOO_SLOW: "Reading page %(page)s took too long and was given up. Scan this page again.",
    Reason.TOO_MUCH_MEMORY: "Page %(page)s needs too much memory to be read. Scan this page again.",
    Reason.NO_TEXT: "No text was found in the file. Check that the paper lies the right way up and scan it again.",
    Reason.SECRET: "The paper carries a secrecy mark and was locked away. Hand it to the security officer on paper.",
}
