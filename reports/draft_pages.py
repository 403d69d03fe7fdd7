"""The pages of drafts: those that a guarantor may comment on, one with its comment and its files."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import accreditation, audit, ledger
from monitoring.errors import NotFound, Refusal
from reports import comments, downloads, drafts_due, drafts_seen, notices_told
from reports.attachments import attachment
from reports.drafts_shown import DraftShown, drafts_of
from reports.pages import ReadersView


class CommentForm(forms.Form):
    """The comment, or that there is none. The rules are the verb's."""

    words = forms.CharField(
        label=gettext_lazy("Our comment"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
    )
    has_none = forms.BooleanField(label=gettext_lazy("We have no comment"), required=False)

    def clean(self) -> None:
        """One of the two."""
        if self.cleaned_data.get("has_none") and (self.cleaned_data.get("words") or "").strip():
            self.add_error("has_none", _("There are words above: leave one of the two out."))

    def tell(self, refusal: Refusal) -> None:
        """Put what the verb refused to its field; what concerns none, to the whole."""
        for pointer, sentences in (getattr(refusal, "fields", {}) or {"": [refusal.message]}).items():
            name = pointer.strip("/")
            self.add_error(name if name in self.fields else None, sentences)


class Drafts(ReadersView):
    """The drafts that the reader may comment on now."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them, those first whose time ends first, under what was told of them and not seen."""
        audit.looked("draft", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        with drafts_seen.reading_as(self.reader):
            listed = drafts_of(self.reader, ledger.now())
            told = notices_told.shown(drafts_due.waiting_for(self.reader))
            context = {"title": _("Drafts"), "listed": listed, "told": told}
            return render(request, "reports/drafts.html", context)


class OneDraft(ReadersView):
    """One draft, and the form of the comment on it."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Show it; where a comment is recorded, the form corrects it."""
        return self._page(id, None, look=True)

    def post(self, request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        """Record the comment; what is wrong is shown at its field."""
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self._page(id, form, status=400)
        try:
            if form.cleaned_data["has_none"]:
                comments.say_none(id, by=self.reader)
            else:
                comments.say(id, by=self.reader, words=form.cleaned_data["words"])
        except NotFound:
            raise
        except Refusal as refusal:
            form.tell(refusal)
            return self._page(id, form, status=refusal.status)
        messages.success(request, _("Your comment is recorded. It can be changed until the time for comments ends."))
        return redirect("draft", id)

    def _page(self, id: UUID, form: CommentForm | None, *, status: int = 200, look: bool = False) -> HttpResponse:  # noqa: A002
        with comments.draft_of(id, by=self.reader) as draft:
            if look:
                audit.looked("draft", by=self.reader, on=draft, agreement=draft.agreement)
                drafts_due.see(self.reader, draft)
            comment = comments.standing(draft)
            shown = DraftShown(draft, comment, ledger.now())
            begun = {"words": comment.words, "has_none": not comment.words} if comment else {}
            context = {"title": shown.title, "shown": shown, "form": form or CommentForm(initial=begun)}
            return render(self.request, "reports/draft.html", context, status=status)


class DraftDownload(ReadersView):
    """A file of a draft."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
        """Hand it out, logged."""
        return attachment(*downloads.take_draft(id, by=self.reader))
