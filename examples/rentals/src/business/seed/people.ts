import type { Random } from "./random.ts";

/** Who a guest or an owner is. */
export interface Person {
  readonly name: string;
  readonly country: string;
}

interface People {
  readonly country: string;
  readonly given: readonly [string, ...string[]];
  readonly family: readonly [string, ...string[]];
  readonly phone: (random: Random) => string;
}

const digits = (random: Random, count: number): string =>
  String(random.integer(0, 10 ** count - 1)).padStart(count, "0");

// Only numbers that the countries' regulators keep for fiction: nobody's phone rings because of this example.
const PEOPLE: readonly [People, ...People[]] = [
  {
    country: "DE",
    given: ["Anna", "Jonas", "Lena", "Felix", "Marie", "Paul", "Greta", "Emil", "Frieda", "Moritz", "Jana", "Till"],
    family: ["Becker", "Hoffmann", "Krüger", "Lorenz", "Voigt", "Brandt", "Sommer", "Jäger", "Pohl", "Engel", "Busch"],
    phone: (random) => `+49${random.pick(["3023125", "6990009", "4066969", "2214710", "8999998"])}${digits(random, 3)}`,
  },
  {
    country: "FR",
    given: ["Chloé", "Lucas", "Inès", "Hugo", "Camille", "Louis", "Manon", "Arthur", "Zoé", "Jules", "Margaux", "Théo"],
    family: ["Moreau", "Lefèvre", "Girard", "Roux", "Fontaine", "Mercier", "Blanc", "Chevalier", "Perrin", "Colin"],
    phone: (random) => `+33${random.pick(["63998", "19900", "26191", "35301", "46571", "53649"])}${digits(random, 4)}`,
  },
  {
    country: "GB",
    given: ["Olivia", "Harry", "Isla", "George", "Freya", "Oscar", "Poppy", "Alfie", "Imogen", "Rory", "Niamh", "Ewan"],
    family: ["Whitfield", "Marsh", "Okafor", "Fletcher", "Patel", "Hughes", "Sinclair", "Doyle", "Barnes", "Cole"],
    phone: (random) => `+44${random.pick(["7700900", "2079460", "1614960", "1314960", "1174960"])}${digits(random, 3)}`,
  },
  {
    country: "US",
    given: ["Ava", "Mason", "Grace", "Ethan", "Nora", "Logan", "Ruby", "Caleb", "Hazel", "Owen", "Maya", "Silas"],
    family: ["Carter", "Nguyen", "Ramirez", "Bennett", "Foster", "Hayes", "Kim", "Brooks", "Reyes", "Sullivan"],
    phone: (random) =>
      `+1${random.pick(["212", "303", "312", "415", "503", "512", "617", "702", "808", "917"])}55501${digits(random, 2)}`,
  },
  {
    country: "AU",
    given: ["Matilda", "Jack", "Sienna", "Cooper", "Willow", "Archie", "Tess", "Banjo", "Ivy", "Lachlan", "Bonnie"],
    family: ["Murray", "Kelly", "Walsh", "Papadopoulos", "Tran", "Fraser", "Hartley", "Rossi", "Quinn", "Lawson"],
    phone: (random) => `+61${random.pick(["2", "3", "7", "8"])}${random.pick(["5550", "7010"])}${digits(random, 4)}`,
  },
];

const MAIL_HOSTS: readonly [string, ...string[]] = ["example.com", "example.org", "example.net"];

/** A person with a phone number that is not in `taken`, to which it is added. */
export function inventPerson(random: Random, taken: Set<string>): Person & { readonly phone: string } {
  for (;;) {
    const people = random.pick(PEOPLE);
    const phone = people.phone(random);
    if (taken.has(phone)) continue;
    taken.add(phone);
    return { name: `${random.pick(people.given)} ${random.pick(people.family)}`, country: people.country, phone };
  }
}

/** A mail address from a name, unique by its number, on a host that is reserved for examples. */
export function toEmail(random: Random, name: string, number: number): string {
  const plain = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(" ", ".");
  return `${plain}.${number}@${random.pick(MAIL_HOSTS)}`;
}
