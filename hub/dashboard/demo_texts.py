"""What people wrote in the demo's desk, each in their language (demo_desk.py). Texts of the demo are no texts of ours:
they are not translated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Asked:
    """A ticket, and the first answer to it."""

    subject: str
    html: str
    answer: str = ""


SPAM: Final = Asked(
    "Steeds meer reclame in mijn mailbox",
    "<p>Goedemiddag, sinds vorige week krijg ik wel dertig reclamemails per dag. Kan dat stoppen?</p>",
    (
        "<p>Dag meneer Jansen, ik heb het filter van uw mailbox strenger gezet en de ergste afzenders "
        "geblokkeerd. Kijkt u nog af en toe in de map <strong>Ongewenst</strong>, of er niets verkeerd "
        "terechtkomt?</p>"
    ),
)
SENDING: Final = Asked(
    "Ne mogu poslati e-poštu s mobitela",
    (
        "<p>Poštovani, primam poštu na mobitelu, ali kad šaljem piše <em>„Server je odbio poruku”</em>. Na "
        "računalu radi.</p>"
    ),
)
SLOW: Final = Asked(
    "لپ‌تاپ از دیروز خیلی کند شده است",
    "<p>سلام، لپ‌تاپ من از دیروز خیلی کند شده و روشن شدنش ده دقیقه طول می‌کشد.</p>",
    (
        "<p>سلام خانم احمدی، لطفاً بفرمایید روی دیسک چقدر جای خالی مانده است؟ در «این رایانه» زیر درایو C نوشته "
        "شده است.</p>"
    ),
)
INVOICE: Final = Asked(
    "Copia della fattura di ottobre",
    "<p>Buongiorno, potreste mandarmi di nuovo la fattura di ottobre? Grazie!</p>",
    "<p>Buongiorno Giulia, te l'ho appena rimandata per e-mail; la trovi anche nel portale, sotto Acquisti.</p>",
)
STRIPES: Final = Asked(
    "Printer prints black stripes",
    (
        "<p>Hello, since this morning every page has two black stripes on the left:</p><ul><li>also when I "
        "copy</li><li>not when I scan</li></ul>"
    ),
    (
        "<p>Dear Sanne, then it is most likely the drum. Could you open the front, take the cartridge out and "
        "wipe the long roller with a dry cloth? Please tell me whether the stripes are still there "
        "afterwards.</p>"
    ),
)
STRIPES_NOTE: Final = "<p>Same model as at the bakery last month: there it was the drum, too.</p>"
STRIPES_AGAIN: Final = "<p>One stripe is gone, the other one is still there but thinner. What next?</p>"
SMOKE: Final = Asked(
    "Er komt rook uit de computer bij de kassa",
    "<p>Er kwam net een beetje rook uit de computer bij de kassa. Hij staat nu uit. Wat moeten we doen?</p>",
)
CATEGORIES: Final = ("Printing", "Slow or stuck", "New device")

ARTICLE_CATEGORIES: Final = {
    "devices": {
        "en": "Computers and printers",
        "nl": "Computers en printers",
        "hr": "Računala i pisači",
        "it": "Computer e stampanti",
        "fa": "رایانه و چاپگر",
    },
    "mail": {"en": "E-mail", "nl": "E-mail", "hr": "E-pošta", "it": "E-mail", "fa": "ایمیل"},
    "credits": {"en": "Credits", "nl": "Credits", "hr": "Krediti", "it": "Crediti", "fa": "اعتبار"},
}
# By category: language to title, text, keywords.
ARTICLES: Final = (
    (
        "devices",
        {
            "en": (
                "The printer prints nothing",
                (
                    "<p>Three things solve most of it:</p><ol><li>Switch the printer off, wait ten seconds, "
                    "switch it on.</li><li>Look whether there is paper, and whether a light blinks.</li><li>On "
                    "the computer, remove what is waiting in the print queue.</li></ol><p>Still nothing? Ask us, "
                    "and tell us the model.</p>"
                ),
                "paper, toner, ink, queue",
            ),
            "nl": (
                "De printer doet niets",
                (
                    "<p>Drie dingen lossen het meestal op:</p><ol><li>Zet de printer uit, wacht tien tellen, zet "
                    "hem aan.</li><li>Kijk of er papier is en of er een lampje knippert.</li><li>Verwijder op de "
                    "computer wat er in de afdrukwachtrij staat.</li></ol><p>Nog steeds niets? Vraag het ons, en "
                    "noem het model.</p>"
                ),
                "papier, toner, inkt, wachtrij, afdrukken",
            ),
            "hr": (
                "Pisač ništa ne ispisuje",
                (
                    "<p>Najčešće pomaže troje:</p><ol><li>Isključite pisač, pričekajte deset sekundi, uključite "
                    "ga.</li><li>Provjerite ima li papira i treperi li lampica.</li><li>Na računalu izbrišite "
                    "ono što čeka u redu za ispis.</li></ol><p>I dalje ništa? Pitajte nas i navedite model.</p>"
                ),
                "papir, toner, tinta, red za ispis, printer",
            ),
            "it": (
                "La stampante non stampa nulla",
                (
                    "<p>Di solito bastano tre cose:</p><ol><li>Spegni la stampante, aspetta dieci secondi, "
                    "riaccendila.</li><li>Guarda se c'è carta e se lampeggia una luce.</li><li>Sul computer "
                    "cancella ciò che attende nella coda di stampa.</li></ol><p>Ancora nulla? Chiedi a noi, e "
                    "dicci il modello.</p>"
                ),
                "carta, toner, inchiostro, coda",
            ),
            "fa": (
                "چاپگر چیزی چاپ نمی‌کند",
                (
                    "<p>بیشتر وقت‌ها این سه کار کافی است:</p><ol><li>چاپگر را خاموش کنید، ده ثانیه صبر کنید و "
                    "روشن کنید.</li><li>ببینید کاغذ دارد و چراغی چشمک می‌زند یا نه.</li><li>در رایانه، صف چاپ را "
                    "خالی کنید.</li></ol><p>باز هم نشد؟ از ما بپرسید و مدل آن را بگویید.</p>"
                ),
                "کاغذ، تونر، جوهر، صف چاپ، پرینتر",
            ),
        },
    ),
    (
        "mail",
        {
            "en": (
                "E-mail on your phone",
                (
                    "<p>You need your address, your password and five minutes.</p><ol><li>Open "
                    "<strong>Settings</strong>, then <strong>Mail</strong> and <strong>Add "
                    "account</strong>.</li><li>Choose <strong>IMAP</strong>.</li><li>Type your whole address as "
                    "the user name, for incoming and for outgoing mail.</li></ol>"
                ),
                "imap, smtp, mobile, outlook",
            ),
            "nl": (
                "E-mail op uw telefoon",
                (
                    "<p>U hebt uw adres, uw wachtwoord en vijf minuten nodig.</p><ol><li>Open "
                    "<strong>Instellingen</strong>, dan <strong>Mail</strong> en <strong>Account "
                    "toevoegen</strong>.</li><li>Kies <strong>IMAP</strong>.</li><li>Typ uw hele adres als "
                    "gebruikersnaam, voor inkomende en uitgaande mail.</li></ol>"
                ),
                "imap, smtp, mobiel, outlook",
            ),
            "hr": (
                "E-pošta na mobitelu",
                (
                    "<p>Trebaju vam adresa, lozinka i pet minuta.</p><ol><li>Otvorite <strong>Postavke</strong>, "
                    "zatim <strong>Pošta</strong> i <strong>Dodaj račun</strong>.</li><li>Odaberite "
                    "<strong>IMAP</strong>.</li><li>Kao korisničko ime upišite cijelu adresu, za dolaznu i "
                    "odlaznu poštu.</li></ol>"
                ),
                "imap, smtp, mobitel, outlook, slanje",
            ),
            "it": (
                "L'e-mail sul telefono",
                (
                    "<p>Servono il tuo indirizzo, la password e cinque minuti.</p><ol><li>Apri "
                    "<strong>Impostazioni</strong>, poi <strong>Mail</strong> e <strong>Aggiungi "
                    "account</strong>.</li><li>Scegli <strong>IMAP</strong>.</li><li>Scrivi l'indirizzo intero "
                    "come nome utente, per la posta in arrivo e in uscita.</li></ol>"
                ),
                "imap, smtp, cellulare, outlook",
            ),
            "fa": (
                "ایمیل روی تلفن همراه",
                (
                    "<p>نشانی، گذرواژه و پنج دقیقه زمان لازم است.</p><ol><li><strong>تنظیمات</strong>، سپس "
                    "<strong>ایمیل</strong> و <strong>افزودن حساب</strong> را باز "
                    "کنید.</li><li><strong>IMAP</strong> را انتخاب کنید.</li><li>نشانی کامل را نام کاربری "
                    "بنویسید، برای دریافت و ارسال.</li></ol>"
                ),
                "imap، smtp، موبایل، ارسال",
            ),
        },
    ),
    (
        "credits",
        {
            "en": (
                "What a chat costs",
                (
                    "<p>Before a chat begins you see what a minute costs and how long your credits last. While "
                    "we talk the meter stands in the chat; what we could not solve you can ask back "
                    "afterwards.</p>"
                ),
                "price, balance, money, refund",
            ),
            "nl": (
                "Wat een chat kost",
                (
                    "<p>Voordat een chat begint, ziet u wat een minuut kost en hoelang uw credits meegaan. "
                    "Tijdens het gesprek staat de teller in de chat; wat we niet oplossen, kunt u daarna "
                    "terugvragen.</p>"
                ),
                "prijs, tegoed, geld, terug",
            ),
            "hr": (
                "Koliko stoji razgovor",
                (
                    "<p>Prije početka razgovora vidite cijenu minute i koliko će vam krediti trajati. Brojač je "
                    "vidljiv tijekom razgovora; za ono što ne riješimo poslije možete zatražiti povrat.</p>"
                ),
                "cijena, stanje, novac, povrat",
            ),
            "it": (
                "Quanto costa una chat",
                (
                    "<p>Prima di cominciare vedi quanto costa un minuto e quanto durano i tuoi crediti. Il "
                    "contatore resta visibile nella chat; ciò che non risolviamo puoi richiederlo indietro "
                    "dopo.</p>"
                ),
                "prezzo, saldo, denaro, rimborso",
            ),
            "fa": (
                "هزینهٔ گفت‌وگو",
                (
                    "<p>پیش از آغاز می‌بینید هر دقیقه چقدر است و اعتبارتان چه مدت کافی است. شمارشگر در گفت‌وگو "
                    "دیده می‌شود؛ برای آنچه حل نشد می‌توانید درخواست بازگشت اعتبار بدهید.</p>"
                ),
                "قیمت، موجودی، پول، بازگشت",
            ),
        },
    ),
)
DRAFT: Final = (
    "Zwarte strepen op elke pagina",
    (
        "<p>Meestal is de drum vuil. Open de voorkant, neem de cartridge eruit en veeg de lange rol met een "
        "droge doek af.</p>"
    ),
    "streep, drum, vlek",
)
