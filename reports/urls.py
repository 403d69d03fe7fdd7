"""Where the pages of guarantors and of parties' liaisons are."""

from django.urls import path

from reports import (
    case_list_pages,
    complaint_pages,
    draft_pages,
    edition_pages,
    export_pages,
    figure_pages,
    pages,
    reply_pages,
    return_pages,
)

urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("editions/", edition_pages.Editions.as_view(), name="editions"),
    path("editions/<uuid:id>/", edition_pages.OneEdition.as_view(), name="edition"),
    *export_pages.doors(),
    path("editions/<uuid:id>/figures/", figure_pages.Figures.as_view(), name="edition-figures"),
    path(
        "editions/<uuid:id>/figures/incidents/",
        figure_pages.FigureIncidents.as_view(),
        name="edition-figure-incidents",
    ),
    path("editions/<uuid:id>/compare/", figure_pages.Comparison.as_view(), name="edition-comparison"),
    path("renditions/<uuid:id>/", edition_pages.RenditionDownload.as_view(), name="rendition-download"),
    path("supplements/files/<uuid:id>/", edition_pages.SheetDownload.as_view(), name="supplement-file"),
    path("drafts/", draft_pages.Drafts.as_view(), name="drafts"),
    path("drafts/<uuid:id>/", draft_pages.OneDraft.as_view(), name="draft"),
    path("drafts/files/<uuid:id>/", draft_pages.DraftDownload.as_view(), name="draft-file"),
    path("returns/", return_pages.Returns.as_view(), name="returns"),
    path("returns/<slug:code>/", return_pages.TruceReturns.as_view(), name="truce-returns"),
    path("returns/<slug:code>/file/", return_pages.FileReturn.as_view(), name="truce-filing"),
    path(
        "returns/<uuid:id>/acknowledgement/",
        return_pages.AcknowledgeReturn.as_view(),
        name="return-acknowledgement",
    ),
    path("complaints/", complaint_pages.Complaints.as_view(), name="complaints"),
    path("complaints/<slug:code>/file/", complaint_pages.FileComplaint.as_view(), name="complaint-file"),
    path(
        "complaints/<uuid:id>/correction/",
        complaint_pages.CorrectComplaint.as_view(),
        name="complaint-correction",
    ),
    path("complaints/questions/<uuid:id>/", complaint_pages.AnswerQuestion.as_view(), name="complaint-question"),
    path("case-lists/<slug:code>/", case_list_pages.TruceLists.as_view(), name="truce-lists"),
    path("case-lists/<uuid:id>/telling/", case_list_pages.TellList.as_view(), name="list-telling"),
    path("case-lists/<uuid:id>/sheet/", case_list_pages.ListSheet.as_view(), name="list-sheet"),
    path("replies/", reply_pages.Replies.as_view(), name="replies"),
    path("replies/requests/<uuid:id>/", reply_pages.ReplyRequest.as_view(), name="reply-request"),
    path("replies/requests/<uuid:id>/telling/", reply_pages.TellRequest.as_view(), name="reply-request-telling"),
    path("replies/statements/<uuid:id>/telling/", reply_pages.TellStatement.as_view(), name="reply-statement-telling"),
    path("replies/<slug:code>/state/", reply_pages.FileStatement.as_view(), name="statement-file"),
]
