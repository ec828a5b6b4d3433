"""The customers' pages of tickets and the public help pages."""

from django.urls import path

from tickets.pages import articles, for_robots, guest, library, listing, new, ticket

urlpatterns = [
    path("tickets/", listing.listing, name="tickets-page"),
    path("tickets/new/", new.new, name="ticket-new"),
    path("tickets/files/", library.library, name="ticket-files"),
    path("tickets/files/room/", library.room, name="ticket-files-room"),
    path("tickets/<int:ticket_number>/", ticket.ticket, name="ticket"),
    path("tickets/<int:ticket_number>/answer/", ticket.answer, name="ticket-answer"),
    path("tickets/<int:ticket_number>/solve/", ticket.solve, name="ticket-solve"),
    path("tickets/<int:ticket_number>/reopen/", ticket.reopen, name="ticket-reopen"),
    path("tickets/<int:ticket_number>/files/remove/", library.remove, name="ticket-file-remove"),
    path("contact/", guest.contact, name="contact"),
    path("contact/sent/", guest.sent, name="contact-sent"),
    path("robots.txt", for_robots.robots, name="robots"),
    path("sitemap.xml", for_robots.sitemap, name="sitemap"),
    path("help/articles/", articles.articles, name="help-articles"),
    path("help/suggest/", articles.suggestions, name="help-suggest"),
    path("help/articles/<int:article_id>/", articles.article, name="help-article"),
    path("help/articles/<int:article_id>/inside/", articles.inside, name="help-inside"),
    path("help/articles/<int:article_id>/opinion/", articles.opinion, name="help-opinion"),
    path("help/articles/<int:article_id>/avoided/", articles.avoided, name="help-avoided"),
    path("help/articles/<int:article_id>/<slug:language>/", articles.article, name="help-article-in"),
]
