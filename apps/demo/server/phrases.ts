// What the local model knows. Each list is drawn from on its own, so that the combinations run into millions.

export const FIRST_NAMES = [
  'Ottoline',
  'Bram',
  'Sefa',
  'Ignatius',
  'Wren',
  'Halloran',
  'Mirela',
  'Tobit',
  'Perpetua',
  'Caspian',
  'Juno',
  'Anselm',
  'Odalys',
  'Fenwick',
  'Isaura',
  'Corvin',
  'Thisbe',
  'Leocadia',
  'Marlow',
  'Zephyrine',
]

export const LAST_NAMES = [
  'Quill',
  'Marchbanks',
  'Vane',
  'Okonedo',
  'Larkspur',
  'Dregs',
  'Hollowell',
  'Sallow',
  'Pennifold',
  'Arkwright',
  'Moth',
  'Undercroft',
  'Bellwether',
  'Tarn',
  'Nightingale',
  'Fairweather',
  'Gully',
  'Starling',
]

export const EPITHETS = [
  'the Second Tuesday',
  'the Unreturned',
  'Two Umbrellas',
  'the Patient',
  'Almost',
  'the Last Reasonable One',
  'Halfpenny',
  'the Understudy',
  'No Relation',
  'the Quiet Alarm',
]

export const BUILDS = [
  'Tall the way a ladder is tall',
  'Small, upright and faintly electric',
  'Built like a well-kept secret',
  'Broad as a church door and twice as likely to creak',
  'All elbows and intention',
  'Soft-spoken even in silhouette',
]

export const FEATURES = [
  'eyes the grey of unsent letters',
  'a nose that has been broken by exactly one friend',
  'ink on every finger but the ring one',
  'a laugh line for each city left behind',
  'one eyebrow permanently unconvinced',
  'hair the colour of strong tea',
  'a scar shaped like a comma, so that every story goes on',
]

export const GARMENTS = [
  'a coat with more pockets than reasons',
  'boots resoled so often that they qualify as a philosophy',
  'a waistcoat the green of old coins',
  'a scarf knitted by an enemy',
  'spectacles mended with fishing line',
  'gloves that do not match and never did',
]

export const QUIRKS = [
  'Thanks machines, but never by name.',
  'Counts exits before chairs.',
  'Keeps a list of every door that was held open.',
  'Refuses to whistle after dark and won’t say why.',
  'Writes apologies in advance and dates them.',
  'Can’t pass a piano without closing its lid.',
  'Always pays in exact change.',
  'Names storms after former landlords.',
  'Falls asleep only when somebody is telling a lie.',
  'Answers the telephone with the weather.',
  'Owns nine clocks, none of them wound.',
  'Salutes magpies, and expects it back.',
]

export const ORIGINS = [
  'was found in the reading room of a library that had been closed for eleven years',
  'learned to read from shipping manifests',
  'grew up above a shop that sold only keys',
  'was raised by two aunts who had not spoken since the flood',
  'spent a childhood carrying messages between people who lived in the same house',
  'was born during an eclipse and has been slightly late ever since',
]

export const TURNS = [
  'Then came the winter of the borrowed piano',
  'One letter, delivered to the wrong floor, changed that',
  'It lasted until the night the bridge was moved',
  'That ended with a wager, as these things do',
  'A stranger asked the right question in the wrong accent',
  'The census, of all things, gave the secret away',
]

export const CONSEQUENCES = [
  'and nobody in town has used the front door since',
  'which is why the mayor still crosses the street',
  'and the debt has been gathering interest in favours',
  'and a small brass bell has rung at noon every day to mark it',
  'so that three families now claim the same lighthouse',
  'and the map had to be printed again',
]

export const SECRETS = [
  'The famous cure was an accident, and it has stopped working.',
  'There was a twin. There may still be.',
  'The portrait in the town hall is of somebody else.',
  'Every one of the letters was answered; none of the answers was sent.',
  'The limp changes sides in the rain.',
  'They can hear when a story is about to end.',
]

export const WANTS = [
  'to be forgiven by a person who has already forgotten',
  'one evening in which nothing needs to be mended',
  'the last page of a book that was never bound',
  'to hear their own name said properly, once',
  'a seat by the window and no questions',
  'to lose, fairly, to somebody better',
]

export const SAYINGS = [
  '“I never lie before breakfast. Breakfast is at four.”',
  '“You may keep the change. I have kept everything else.”',
  '“It is not a habit. It is a very long decision.”',
  '“Doors are only opinions.”',
  '“Ask me again when it is raining.”',
  '“I was going to be brave, but then it got late.”',
]
