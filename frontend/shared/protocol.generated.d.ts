/** Made from protocol.schema.json by frontend/build/protocol.ts: not edited by hand. */

export type FromVisitor = (Hello | MessageSend | MessageEdit | MessageDelete | React | Backlog | Typing | Read | Ping | SessionEnd | SessionReopen | SessionStart | LimitAsk | SessionRate | Consent)
export type FromStaff = (Hello | MessageSend | MessageEdit | MessageDelete | React | Backlog | Typing | Read | Ping | SessionEnd | SessionReopen | PresenceSet | SessionAccept | SessionDecline | SessionTransfer | SessionInvite | SessionWatch | SessionJoin | SessionTakeover | SessionLeave | SessionWrapup | MeterPause | MeterResume | MeterGrant | MeterWaive | Escalate | BoardSubscribe | BoardUnsubscribe)
export type ToVisitor = (Welcome | Ok | Error | Message | BacklogPage | Session | Queue | Meter | Beat | Pong | TypingNews | ReadNews | Notice | Bye | Offer | PurchaseNews)
export type ToStaff = (Welcome | Ok | Error | Message | BacklogPage | Session | Queue | Meter | Beat | Pong | TypingNews | ReadNews | Notice | Bye | SessionOffer | Board)

export interface Protocol {
FromVisitor: FromVisitor
FromStaff: FromStaff
ToVisitor: ToVisitor
ToStaff: ToStaff
}
export interface Hello {
protocol: 1
/**
 * @maxItems 200
 */
resume?: Resume[]
type: "hello"
}
export interface Resume {
after_seq: number
after_staff_seq?: (number | null)
session: string
}
export interface MessageSend {
/**
 * @maxItems 10
 */
files?: string[]
id: string
kind?: (("note" | "whisper") | null)
reply_to?: (number | null)
session: string
text?: string
type: "message.send"
}
export interface MessageEdit {
id: string
seq: number
session: string
text: string
type: "message.edit"
}
export interface MessageDelete {
id: string
seq: number
session: string
type: "message.delete"
}
export interface React {
emoji: string
id: string
on: boolean
seq: number
session: string
type: "react"
}
/**
 * What came after a seq, or the newest before one; with neither, the newest. Staff also page by staff_seq.
 */
export interface Backlog {
after_seq?: (number | null)
after_staff_seq?: (number | null)
before_seq?: (number | null)
id: string
limit: number
session: string
type: "backlog"
}
export interface Typing {
on: boolean
session: string
type: "typing"
}
export interface Read {
seq: number
session: string
type: "read"
}
export interface Ping {
at?: (number | string | null)
type: "ping"
}
export interface SessionEnd {
id: string
reason?: (string | null)
session: string
type: "session.end"
}
export interface SessionReopen {
id: string
session: string
type: "session.reopen"
}
export interface SessionStart {
block_s?: (number | null)
department?: (string | null)
fields?: {
[k: string]: string | number | boolean | null
}
free_s?: (number | null)
id: string
minimum_blocks?: (number | null)
most_to_spend_m?: (number | null)
page?: (string | Page | null)
price_m?: (number | null)
subject?: (string | null)
text?: (string | null)
type: "session.start"
}
/**
 * What the visitor's browser tells (C15).
 */
export interface Page {
browser?: string
language?: string
referrer?: string
system?: string
title?: string
url?: string
}
/**
 * A feature of this name in `welcome`: the manager is asked for a higher spending limit (P4).
 */
export interface LimitAsk {
id: string
session: string
type: "limit.ask"
}
export interface SessionRate {
comment?: (string | null)
id: string
score: number
session: string
solved?: (("no" | "partly" | "yes") | null)
type: "session.rate"
}
export interface Consent {
agree: boolean
id: string
offer: string
session: string
type: "consent"
}
export interface PresenceSet {
capacity?: (number | null)
id: string
status: ("away" | "busy" | "offline" | "online")
type: "presence.set"
}
export interface SessionAccept {
id: string
session: string
type: "session.accept"
}
export interface SessionDecline {
id: string
session: string
type: "session.decline"
}
export interface SessionTransfer {
id: string
note?: (string | null)
session: string
to: Receiver
type: "session.transfer"
}
export interface Receiver {
agent?: (string | null)
department?: (string | null)
}
export interface SessionInvite {
agent?: (string | null)
id: string
session: string
type: "session.invite"
}
export interface SessionWatch {
agent?: (string | null)
id: string
session: string
type: "session.watch"
}
export interface SessionJoin {
agent?: (string | null)
id: string
session: string
type: "session.join"
}
export interface SessionTakeover {
agent?: (string | null)
id: string
session: string
type: "session.takeover"
}
export interface SessionLeave {
agent?: (string | null)
id: string
session: string
type: "session.leave"
}
export interface SessionWrapup {
id: string
next?: (string | null)
outcome: string
session: string
/**
 * @maxItems 20
 */
tags?: string[]
type: "session.wrapup"
}
export interface MeterPause {
id: string
reason?: (string | null)
session: string
type: "meter.pause"
}
export interface MeterResume {
id: string
reason?: (string | null)
session: string
type: "meter.resume"
}
export interface MeterGrant {
id: string
reason: string
seconds: number
session: string
type: "meter.grant"
}
export interface MeterWaive {
blocks?: (number | null)
id: string
reason: string
session: string
type: "meter.waive"
}
/**
 * To a ticket: `html` stands above what was said, `note` is for colleagues alone, `email` where a guest's answer
 *     goes. `again`: another ticket of a chat that has one. The feature `tickets` in `welcome` knows these three.
 */
export interface Escalate {
again?: boolean
department?: (string | null)
email?: (string | null)
fields?: {
[k: string]: string | number | boolean | null
}
html?: (string | null)
id: string
note?: (string | null)
price_m?: (number | null)
session: string
subject?: (string | null)
to: ("remote_help" | "ticket")
type: "escalate"
}
export interface BoardSubscribe {
id: string
topic: string
type: "board.subscribe"
}
export interface BoardUnsubscribe {
id: string
topic: string
type: "board.unsubscribe"
}
export interface Welcome {
beat_s: number
epoch: string
features: string[]
limits: Limits
now: string
protocol: number
server: string
sessions: string[]
type: "welcome"
you: You
}
export interface Limits {
backlog: number
burst: number
customer_away_s?: (number | null)
edit_window_s: number
frame_bytes: number
per_second: number
reopen_window_s: number
staff_away_s?: (number | null)
text_characters: number
}
export interface You {
id: string
kind: string
name: string
}
/**
 * `re` is the request's id; the rest depends on what was asked.
 */
export interface Ok {
at?: (string | null)
capacity?: (number | null)
offer?: (string | null)
re: string
reason?: (("agent_away" | "customer_away" | "grace" | "handover" | "payment") | null)
seq?: (number | null)
session?: (string | null)
staff_seq?: (number | null)
state?: (("active" | "ended" | "offered" | "queued" | "waiting") | null)
status?: (("away" | "busy" | "offline" | "online") | null)
ticket?: (string | null)
type: "ok"
}
/**
 * `by` (with `taken`): who has it. `price_m` with its terms, or `session`: with `conflict`, the price of now or the
 *     live session.
 * 
 *     `opens_at`: with `closed_hours`, when the department opens again, where that is in sight.
 */
export interface Error {
block_s?: (number | null)
by?: (string | null)
code: ("bad_frame" | "busy" | "closed_hours" | "conflict" | "ended" | "forbidden" | "internal" | "no_credits" | "not_found" | "taken" | "too_fast" | "too_large")
free_s?: (number | null)
message: string
minimum_blocks?: (number | null)
most?: (number | null)
opens_at?: (string | null)
price_m?: (number | null)
re?: (string | null)
reason?: (string | null)
reference?: (string | null)
retry_after_ms?: (number | null)
session?: (string | null)
type: "error"
}
/**
 * One entry of the transcript: the same shape live, in `backlog` and over the API. Either `seq` or `staff_seq`.
 */
export interface Message {
at: string
author: Author
deleted_at?: (string | null)
edited_at?: (string | null)
event?: ({
[k: string]: string | number | boolean | null
} | null)
files?: (FileView[] | null)
id: string
kind: ("event" | "file" | "note" | "text" | "whisper")
reply_to?: (number | null)
seq?: (number | null)
session: string
staff_seq?: (number | null)
text?: (string | null)
type: "message"
}
export interface Author {
id: (string | null)
kind: ("agent" | "bot" | "system" | "visitor")
name: string
}
/**
 * Without `url` while it may not be had: `state` says why (received, checking, refused, gone). `width` and `height`
 *     are a picture's own, so that a page can keep room for its preview.
 */
export interface FileView {
height?: (number | null)
id: string
name: string
preview_url?: (string | null)
size: number
state?: (string | null)
type: string
url?: (string | null)
width?: (number | null)
}
/**
 * Messages as they are now, in the order of `seq`, then staff-only ones in the order of `staff_seq`.
 */
export interface BacklogPage {
messages: Message[]
more: boolean
re: string
session: string
type: "backlog"
}
export interface Session {
agent?: (PersonView | null)
block_s?: (number | null)
customer?: (CustomerView | null)
department: string
end_reason?: (("agent" | "customer" | "empty" | "error" | "inactive" | "left_queue") | null)
ended_at?: (string | null)
fields?: ({
[k: string]: string | number | boolean | null
} | null)
free_s?: (number | null)
kind: ("chat" | "phone")
last_seq: number
last_staff_seq?: (number | null)
limit_asked?: boolean
most_to_spend_m?: (number | null)
opened_at: string
page?: (Page | null)
place_until?: (string | null)
price_m?: (number | null)
rating?: (number | null)
read: {
[k: string]: number
}
reason?: (("agent_away" | "customer_away" | "grace" | "handover" | "payment") | null)
reopen_until?: (string | null)
session: string
short_of?: (("balance" | "limit") | null)
solved?: (string | null)
started_at?: (string | null)
state: ("active" | "ended" | "offered" | "queued" | "waiting")
subject?: (string | null)
summary?: (Summary | null)
ticket?: (string | null)
type: "session"
wrapup?: (Wrapup | null)
}
export interface PersonView {
id: string
name: string
}
/**
 * The customer as staff see them beside a session (C15).
 */
export interface CustomerView {
computer?: (Computer | null)
email?: (string | null)
id: string
kind: string
language?: (string | null)
login?: (string | null)
mobile?: (string | null)
name: string
organisation?: (string | null)
vip?: boolean
wallet?: (string | null)
}
export interface Computer {
brand?: string
model?: string
system?: string
}
/**
 * What a session cost and what was not charged, and why (C12).
 */
export interface Summary {
charged_m: number
elapsed_s: number
free_s: number
paused: Paused[]
}
export interface Paused {
reason: string
seconds: number
}
/**
 * Owed by this agent until then; it counts as busy for routing (C12).
 */
export interface Wrapup {
next?: (string | null)
outcome?: (string | null)
tags?: string[]
until?: (string | null)
}
export interface Queue {
agents: number
position: number
session: string
type: "queue"
wait_s: (number | null)
}
export interface Meter {
available_m?: (number | null)
balance_m?: (number | null)
block_s: number
charged_m?: (number | null)
elapsed_s: number
empty_at?: (string | null)
grace_until?: (string | null)
limit_left_m?: (number | null)
low?: (number | null)
next_charge_at?: (string | null)
now: string
price_m?: (number | null)
reason?: (string | null)
session: string
state: ("ended" | "free" | "grace" | "paused" | "ready" | "running")
stops_by?: (("balance" | "limit" | "most_to_spend") | null)
type: "meter"
}
/**
 * `sessions` is {id: last_seq} as PostgreSQL has it; `last_staff_seq` (staff) the same for staff-only entries.
 */
export interface Beat {
epoch: string
last_staff_seq?: ({
[k: string]: number
} | null)
now: string
sessions: {
[k: string]: number
}
type: "beat"
}
export interface Pong {
at: (number | string | null)
now: string
type: "pong"
}
export interface TypingNews {
on: boolean
session: string
type: "typing"
who: string
}
export interface ReadNews {
seq: number
session: string
type: "read"
who: string
}
export interface Notice {
kind: ("announcement" | "breach" | "mention")
link?: (string | null)
text: string
type: "notice"
}
export interface Bye {
reason: string
retry_after_ms: number
type: "bye"
}
export interface Offer {
kind: "remote_help"
offer: string
price_m: number
session: string
terms: string
type: "offer"
}
/**
 * How a purchase of the reader's stands now (feature `purchases`). A hint, as all frames without a `seq`: the API
 *     says how it stands after a lost line.
 */
export interface PurchaseNews {
credits: number
purchase: string
status: ("cancelled" | "expired" | "failed" | "open" | "paid" | "pending")
type: "purchase"
}
export interface SessionOffer {
expires_at: string
session: string
type: "session.offer"
}
/**
 * What changed since the last `rev`. A row is always whole; null is gone. A gap in `rev`: subscribe again.
 */
export interface Board {
agents?: ({
[k: string]: BoardAgent | null
} | null)
full?: boolean
queue?: ({
[k: string]: BoardQueued | null
} | null)
remote_help?: ({
[k: string]: {
[k: string]: string | number | null
} | null
} | null)
rev: number
sessions?: ({
[k: string]: BoardSession | null
} | null)
tickets?: ({
[k: string]: {
[k: string]: string | number | null
} | null
} | null)
topic: string
type: "board"
}
export interface BoardAgent {
capacity: number
chats: number
departments: string[]
name: string
since: (string | null)
status: ("away" | "busy" | "offline" | "online")
}
export interface BoardQueued {
department: string
expires_at?: (string | null)
language?: (string | null)
name: string
offered_to?: (PersonView | null)
reason?: (("agent_away" | "customer_away" | "grace" | "handover" | "payment") | null)
since: (string | null)
state: ("active" | "ended" | "offered" | "queued" | "waiting")
subject?: (string | null)
vip?: boolean
}
export interface BoardSession {
agent: (PersonView | null)
department: string
meter?: (BoardMeter | null)
name: string
reason?: (("agent_away" | "customer_away" | "grace" | "handover" | "payment") | null)
since: (string | null)
started_at?: (string | null)
state: ("active" | "ended" | "offered" | "queued" | "waiting")
}
export interface BoardMeter {
block_s: number
charged_m?: (number | null)
elapsed_s: number
free_s?: (number | null)
next_charge_at?: (string | null)
now: string
price_m?: (number | null)
reason?: (string | null)
state: ("ended" | "free" | "grace" | "paused" | "ready" | "running")
}
