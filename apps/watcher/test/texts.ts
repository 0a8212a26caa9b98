const plainParts = ["a", "Porch", " ", "é", "e\u0301", "前", "門", "👩‍👩‍👧", "🇫🇷", "ا", "—", "…", "ﾊ", "0"]
const hostileParts = [
  "\u001B[2J",
  "\u001B[31m",
  "\u001B]0;owned\u0007",
  "\u001B]52;c;b3duZWQ=\u001B\\",
  "\u001BPq#0\u001B\\",
  "\u001Bc",
  "\u009B1;1H",
  "\u009D0;owned\u009C",
  "\u0000",
  "\u0007",
  "\b",
  "\r\n",
  "\t",
  "\u007F",
  "\u202E",
  "\u2066",
  "\u2028",
  "\uFEFF",
]

/** Generates the same pseudo-random numbers in [0, 1) in each run (a linear congruential generator). */
const makeRandom = (seed: number) => {
  let state = seed
  return (): number => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296
}

const generate = (parts: ReadonlyArray<string>, count: number, seed: number): ReadonlyArray<string> => {
  const random = makeRandom(seed)
  return Array.from({ length: count }, () =>
    Array.from({ length: Math.floor(random() * 12) }, () => parts[Math.floor(random() * parts.length)]!).join(
      "",
    ),
  )
}

/** Texts of narrow, wide, combined and right-to-left characters, without control characters. */
export const plainTexts = generate(plainParts, 300, 1)

/** Texts of the same characters between escape sequences, control characters and direction overrides. */
export const hostileTexts = generate([...plainParts, ...hostileParts], 600, 2)

/** Everything that must not reach a terminal from outside. */
// oxlint-disable-next-line no-control-regex -- the characters that are searched for
export const unsafeCharacters = /[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/
