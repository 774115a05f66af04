"""The sentences that custom elements say. They travel in one meta element, so that scripts hold no language."""

from django.utils.translation import gettext as _


def script_words() -> dict[str, str]:
    """Give the sentences in the reader's language; `{name}` marks what the script fills in."""
    return {
        **_shell_words(),
        **_upload_words(),
        **_viewer_words(),
        **_writing_words(),
    }


def _shell_words() -> dict[str, str]:
    return {
        "close": _("Close"),
        "keys": _("Keyboard shortcuts on this page"),
        "keys_none": _("This page has no shortcuts of its own."),
        "letters": _("Single letters as shortcuts"),
        "next_row": _("Next row"),
        "previous_row": _("Previous row"),
        "open_row": _("Open the row"),
        "search": _("Go to the search box"),
        "suggestions": _("Papers that fit"),
        "help": _("Show this list"),
        "offline": _("Connection lost, what you did has not been sent."),
        "online": _("The connection is back."),
        "failed": _("The server did not answer. Nothing was changed; please try again."),
        "sending": _("Sending…"),
        "loading": _("Loading…"),
        "updated": _("The page was brought up to date."),
        "news": _("Something changed here. What you are writing stays; send it or load the page again to see more."),
    }


def _upload_words() -> dict[str, str]:
    return {
        "upload_waiting": _("Waiting to be sent"),
        "upload_running": _("Uploading {percent} %"),
        "upload_left": _("Uploading {percent} %, {seconds} seconds left"),
        "upload_stored": _("Received, being checked"),
        "upload_done": _("File received"),
        "upload_failed": _("Not uploaded: {reason}"),
        "upload_cut": _("the connection was cut. Nothing was stored."),
        "upload_retry": _("Try again"),
        "upload_summary": _("{done} of {total} files received"),
        "shot_page": _("Page {number}"),
        "shot_up": _("Move page {number} up"),
        "shot_down": _("Move page {number} down"),
        "shot_remove": _("Take page {number} away"),
        "shot_moved": _("It is page {number} now."),
        "shot_count": _("{count} pages, not sent yet."),
        "shot_too_large": _("{name} is too large: at most {megabytes} MB."),
        "shot_too_many": _("A paper has at most {most} photos. Send these first."),
        "shot_none": _("Take a picture of the first page."),
    }


def _viewer_words() -> dict[str, str]:
    return {
        "pdf_loading": _("Opening the paper…"),
        "pdf_failed": _("This paper cannot be shown here. Download the original instead."),
        "pdf_download": _("Download"),
        "pdf_page": _("Page"),
        "pdf_of": _("of {total}"),
        "pdf_zoom_in": _("Zoom in"),
        "pdf_zoom_out": _("Zoom out"),
        "pdf_fit": _("Fit the width"),
        "pdf_rotate": _("Rotate the view"),
        "pdf_find": _("Find in this paper"),
        "pdf_found": _("{number} of {total}"),
        "pdf_not_found": _("Not found"),
        "pdf_next": _("Next match"),
        "pdf_previous": _("Previous match"),
        "pdf_print": _("Print"),
        "pdf_thumbnails": _("Pages"),
        "pdf_page_label": _("Page {page} of {total}"),
        "pdf_sheets": _("The paper's pages"),
        "pdf_tools": _("Paper tools"),
    }


def _writing_words() -> dict[str, str]:
    return {
        "save_pending": _("Not saved yet"),
        "save_running": _("Saving…"),
        "save_done": _("Saved at {time}"),
        "save_failed": _("Not saved. The text stays here and is tried again."),
        "save_conflict": _("{who} changed this text meanwhile. Both texts are below; nothing was overwritten."),
        "save_theirs": _("Their text"),
        "save_take_theirs": _("Take theirs"),
        "save_keep_mine": _("Keep mine"),
        "choices": _("{count} suggestions"),
    }
