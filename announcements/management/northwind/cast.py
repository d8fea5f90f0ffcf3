"""Who works at Northwind Freight."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from announcements.people import services as people

ZONES = {
    "Rotterdam": "Europe/Amsterdam",
    "Porto": "Europe/Lisbon",
    "Chicago": "America/Chicago",
    "Manila": "Asia/Manila",
}

# How many work where: 164 in all.
SEATS = {
    "Operations": {"Rotterdam": 30, "Porto": 11, "Chicago": 11, "Manila": 6},
    "Customer Care": {"Rotterdam": 4, "Chicago": 4, "Manila": 26},
    "Commercial": {"Rotterdam": 12, "Porto": 3, "Chicago": 14, "Manila": 2},
    "Product & Engineering": {"Rotterdam": 6, "Porto": 24, "Chicago": 4, "Manila": 7},
}

# Who the texts and the pictures name. The first owns the workspace.
NAMED = [
    ("Priya Raman", "Head of People", "Product & Engineering", "Rotterdam"),
    ("Ines Carvalho", "Head of Operations", "Operations", "Porto"),
    ("Ethan Brooks", "Finance director", "Commercial", "Chicago"),
    ("Maya Lindqvist", "Key account manager", "Commercial", "Rotterdam"),
    ("João Matias", "Dispatcher", "Operations", "Porto"),
    ("Dario Fuentes", "Customs lead", "Operations", "Chicago"),
    ("Aisha Bello", "Customs broker", "Operations", "Rotterdam"),
    ("Hanneke de Vries", "Terminal planner", "Operations", "Rotterdam"),
    ("Sofie Jansen", "Yard coordinator", "Operations", "Rotterdam"),
    ("Lourdes Santos", "Care team lead", "Customer Care", "Manila"),
    ("Grace Villanueva", "Care specialist", "Customer Care", "Manila"),
    ("Rafael Cruz", "Care specialist", "Customer Care", "Manila"),
    ("Wen Adriano", "Care specialist", "Customer Care", "Manila"),
    ("Joel Mercado", "Care specialist, nights", "Customer Care", "Manila"),
    ("Ben Kowalczyk", "Account executive", "Commercial", "Chicago"),
    ("Nadia Okafor", "Office manager", "Commercial", "Chicago"),
    ("Samir Haddad", "Head of Product", "Product & Engineering", "Porto"),
    ("Tiago Nunes", "Office manager", "Product & Engineering", "Porto"),
]
OWNER, ADMINS = "Priya Raman", ("Ines Carvalho", "Ethan Brooks")
MANAGERS = {
    "Operations": ("Ines Carvalho", "Dario Fuentes"),
    "Customer Care": ("Lourdes Santos",),
    "Commercial": ("Ben Kowalczyk",),
    "Product & Engineering": ("Samir Haddad",),
    "Rotterdam": ("Hanneke de Vries",),
    "Porto": ("Tiago Nunes",),
    "Chicago": ("Nadia Okafor",),
    "Manila": ("Lourdes Santos",),
    "Shipment tracking 2": ("Samir Haddad",),
}
DESCRIPTIONS = {
    "Operations": "Docks, lanes and customs: everybody who moves freight, in all four places.",
    "Customer Care": "Answers customers around the clock, most of it from Manila.",
    "Shipment tracking 2": "Rebuilds tracking with Commercial and Customer Care until the end of the year.",
    "People managers": "Everybody who leads people. Hears about changes one day before their teams.",
}
RULES = {
    "People managers": people.Rule(
        (
            people.Condition("title", "starts_with", "Head of"),
            people.Condition("title", "contains", "lead"),
            people.Condition("title", "contains", "director"),
            people.Condition("title", "contains", "supervisor"),
            people.Condition("title", "starts_with", "Office manager"),
        ),
        match="any",
    )
}
# Who may sign in, and why one would want to.
SIGN_INS = {
    "Priya Raman": "owns the workspace",
    "Ines Carvalho": "writes: sees who is aligned and who is missing",
    "Maya Lindqvist": "reads: two things are waiting for her",
    "João Matias": "reads, and is nudged by mail",
    "Lourdes Santos": "manages Customer Care and Manila",
}
JOINED_LATELY = {"Porto": 3, "Manila": 2, "Rotterdam": 1, "Chicago": 1}

TITLES = {
    "Operations": ["Dispatcher", "Dock supervisor", "Lane planner", "Customs broker", "Yard coordinator", "Driver"],
    "Customer Care": ["Care specialist", "Claims specialist", "Care specialist", "Senior care specialist"],
    "Commercial": ["Account executive", "Key account manager", "Pricing analyst", "Controller", "Accountant"],
    "Product & Engineering": [
        "Engineer",
        "Senior engineer",
        "Product designer",
        "Data analyst",
        "Recruiter",
        "Engineer",
    ],
}
FIRST = {
    "Rotterdam": "Anouk Bram Carlijn Daan Eva Femke Gijs Ilse Jeroen Karim Lotte Maarten Noor Omar Pieter Roos Sanne Thijs Yasmin Wout",
    "Porto": "Afonso Beatriz Carlota Duarte Filipa Gonçalo Helena Inês Jorge Leonor Miguel Mariana Nuno Rita Rui Sara Tomás Vera",
    "Chicago": "Alice Brandon Caleb Destiny Elena Frank Gwen Hector Imani Jack Keisha Luis Megan Noah Olivia Paul Rosa Trevor",
    "Manila": "Alma Bea Carlo Dante Ella Francis Gina Hazel Ivan Jasmine Kat Liza Marco Nico Paolo Queenie Rina Teresa",
}
LAST = {
    "Rotterdam": "Bakker Visser Smit Mulder Dekker Vermeer Kuipers Hendriks Schouten Postma Yilmaz Brouwer Kok Willems Haddou",
    "Porto": "Almeida Barbosa Coelho Domingues Esteves Faria Gomes Lopes Macedo Neves Pinto Rocha Sousa Teixeira Vieira",
    "Chicago": "Adams Bennett Castillo Dawson Ellis Foster Griffin Hayes Johnson Kim Lewis Morales Nowak Price Wright",
    "Manila": "Aquino Bautista Castro Domingo Espiritu Flores Garcia Ilagan Lim Mendoza Ocampo Ramos Salazar Tolentino Uy",
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody before they exist."""

    name: str
    title: str
    function: str
    place: str
    joined_lately: bool = False

    @property
    def email(self) -> str:
        """Return their address: the name without accents."""
        plain = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode().lower()
        return f"{plain.replace(' ', '.')}@northwind.example"


def named() -> list[Member]:
    """Return those whom the texts and the pages name."""
    return [Member(*row) for row in NAMED]


def members(chance: random.Random) -> list[Member]:
    """Return all 164, those with a name in the texts first."""
    them = named()
    taken = {member.name for member in them}
    names = {place: _names(place, taken, chance) for place in ZONES}
    seats = [(function, place, n) for function, places in SEATS.items() for place, n in places.items()]
    rest = [
        Member(next(names[place]), chance.choice(TITLES[function]), function, place)
        for function, place, size in seats
        for _ in range(size - sum((m.function, m.place) == (function, place) for m in them))
    ]
    return them + _with_newcomers(rest, chance)


def _with_newcomers(rest: list[Member], chance: random.Random) -> list[Member]:
    left = dict(JOINED_LATELY)
    for index in chance.sample(range(len(rest)), len(rest)):
        member = rest[index]
        if left.get(member.place):
            left[member.place] -= 1
            rest[index] = Member(member.name, member.title, member.function, member.place, joined_lately=True)
    return rest


def _names(place: str, taken: set[str], chance: random.Random) -> Iterator[str]:
    pairs = [f"{first} {last}" for first in FIRST[place].split() for last in LAST[place].split()]
    chance.shuffle(pairs)
    return (name for name in pairs if name not in taken)
