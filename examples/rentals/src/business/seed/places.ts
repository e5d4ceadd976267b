/** A city that the business lets in, with what its nights cost and when they cost more. */
export interface Place {
  readonly city: string;
  readonly country: string;
  readonly currency: string;
  readonly districts: readonly [string, ...string[]];
  /** Cents for a night in a home with one bedroom, before the home's own difference. */
  readonly nightlyPrice: number;
  readonly seasons: readonly [SeasonRule, ...SeasonRule[]];
}

/** A season of every year, from and to a month and day (a `to` before `from` is next year's), as percent of the standard price. */
export interface SeasonRule {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly percent: number;
}

const summer: SeasonRule = { name: "summer", from: "06-15", to: "09-01", percent: 145 };
const christmas: SeasonRule = { name: "christmas", from: "12-19", to: "01-04", percent: 160 };
const spring: SeasonRule = { name: "spring", from: "04-01", to: "05-15", percent: 115 };
const winter: SeasonRule = { name: "winter", from: "01-10", to: "03-01", percent: 80 };
const ski: SeasonRule = { name: "ski", from: "01-04", to: "03-28", percent: 150 };
const mud: SeasonRule = { name: "between seasons", from: "04-20", to: "06-10", percent: 75 };
const festival: SeasonRule = { name: "festival", from: "08-01", to: "08-29", percent: 190 };
const tulips: SeasonRule = { name: "tulips", from: "03-25", to: "05-10", percent: 130 };

const cityBreak: readonly [SeasonRule, ...SeasonRule[]] = [winter, spring, summer, christmas];

/** Where the properties are. */
export const PLACES: readonly [Place, ...Place[]] = [
  {
    city: "Lisbon",
    country: "PT",
    currency: "EUR",
    districts: ["Alfama", "Chiado", "Graça", "Estrela", "Belém"],
    nightlyPrice: 9_500,
    seasons: cityBreak,
  },
  {
    city: "Barcelona",
    country: "ES",
    currency: "EUR",
    districts: ["Gràcia", "El Born", "Poblenou", "Sant Antoni", "Sarrià"],
    nightlyPrice: 11_500,
    seasons: cityBreak,
  },
  {
    city: "Amsterdam",
    country: "NL",
    currency: "EUR",
    districts: ["Jordaan", "De Pijp", "Oud-West", "Noord", "Plantage"],
    nightlyPrice: 15_000,
    seasons: [winter, tulips, summer, christmas],
  },
  {
    city: "Vienna",
    country: "AT",
    currency: "EUR",
    districts: ["Neubau", "Josefstadt", "Leopoldstadt", "Wieden", "Mariahilf"],
    nightlyPrice: 10_500,
    seasons: cityBreak,
  },
  {
    city: "Copenhagen",
    country: "DK",
    currency: "DKK",
    districts: ["Vesterbro", "Nørrebro", "Østerbro", "Christianshavn", "Frederiksberg"],
    nightlyPrice: 98_000,
    seasons: cityBreak,
  },
  {
    city: "Edinburgh",
    country: "GB",
    currency: "GBP",
    districts: ["Leith", "Stockbridge", "Old Town", "Morningside", "Portobello"],
    nightlyPrice: 10_000,
    seasons: [winter, spring, festival, christmas],
  },
  {
    city: "Chamonix",
    country: "FR",
    currency: "EUR",
    districts: ["Les Praz", "Argentière", "Les Houches", "Le Tour", "Les Pèlerins"],
    nightlyPrice: 13_000,
    seasons: [ski, mud, summer, christmas],
  },
  {
    city: "Palermo",
    country: "IT",
    currency: "EUR",
    districts: ["Kalsa", "Mondello", "Vucciria", "Libertà", "Capo"],
    nightlyPrice: 7_500,
    seasons: cityBreak,
  },
];
