"""The staff's pages of tickets, under /admin/tickets/."""

from django.urls import path

from tickets.desk import deeds, listing, new_ticket, pages, saved_views, writing

urlpatterns = [
    path("", listing.index, name="desk-tickets"),
    path("bulk/", listing.change_many, name="desk-tickets-bulk"),
    path("views/", saved_views.add, name="desk-views"),
    path("views/<int:view_id>/", saved_views.change, name="desk-view"),
    path("new/", new_ticket.new, name="desk-ticket-new"),
    path("<int:ticket_number>/", pages.ticket, name="desk-ticket"),
    path("<int:ticket_number>/looking/", pages.looking, name="desk-ticket-looking"),
    path("<int:ticket_number>/draft/", pages.draft, name="desk-ticket-draft"),
    path("<int:ticket_number>/write/", writing.write, name="desk-ticket-write"),
    path("<int:ticket_number>/change/", deeds.change, name="desk-ticket-change"),
    path("<int:ticket_number>/assign/", deeds.assign, name="desk-ticket-assign"),
    path("<int:ticket_number>/hand-over/", deeds.hand_over, name="desk-ticket-hand-over"),
    path("<int:ticket_number>/join/", deeds.join, name="desk-ticket-join"),
    path("<int:ticket_number>/work/", deeds.work, name="desk-ticket-work"),
    path("<int:ticket_number>/macro/", deeds.macro, name="desk-ticket-macro"),
    path("<int:ticket_number>/follow/", deeds.follow, name="desk-ticket-follow"),
    path("<int:ticket_number>/delete/", deeds.delete, name="desk-ticket-delete"),
]
