import { readFileSync } from "node:fs"
import { join } from "node:path"
import { findMutants } from "./findMutants.ts"
import { mutate, type MutantText, mutantText } from "./Mutant.ts"
import { openTests, type Tests } from "./openTests.ts"
import type { Target } from "./targets.ts"

export interface MutationResult {
  readonly target: Target
  /** All mutants of the file. */
  readonly mutants: ReadonlyArray<MutantText>
  readonly survivors: ReadonlyArray<MutantText>
}

/** Test files that take longer than this are not run for each mutant. */
const slowestMs = 15_000

type Specifications = Tests["own"]

/** Runs `files` with the unchanged source. Returns the time that they take; `null` when a test fails. */
const timed = async (tests: Tests, files: Specifications, source: string, timeoutMs: number) => {
  const start = performance.now()
  return (await tests.run(files, source, timeoutMs)) ? performance.now() - start : null
}

/** A run that takes five times as long as with the unchanged source has an endless loop. */
const timeoutFor = (milliseconds: number) => 3_000 + 5 * milliseconds

/**
 * Runs the tests for each mutant of a file, the file's own tests first. `isAccepted` mutants are not tried with the other
 * test files, which may take long; with `onlyOwn` no mutant is.
 */
export const mutateFile = async (
  root: string,
  target: Target,
  options: {
    readonly isAccepted: (text: MutantText) => boolean
    readonly onlyOwn: boolean
    readonly onProgress: (tried: number, survived: number, of: number) => void
  },
): Promise<MutationResult> => {
  const source = readFileSync(join(root, target.file), "utf8")
  const mutants = findMutants(target.file, source, target.words).map((mutant) => ({
    source: mutate(source, mutant),
    text: mutantText(source, mutant),
  }))
  const tests = await openTests(root, target)
  const failure = new Error(`the tests of ${target.file} fail without a mutant`)

  let alive = mutants
  if (tests.own.length > 0) {
    if ((await timed(tests, tests.own, source, 600_000)) === null) throw failure
    const ownMs = (await timed(tests, tests.own, source, 600_000)) ?? 0
    alive = []
    for (const [index, mutant] of mutants.entries()) {
      if (await tests.run(tests.own, mutant.source, timeoutFor(ownMs))) alive.push(mutant)
      options.onProgress(index + 1, alive.length, mutants.length)
    }
    // A mutant may have left something behind in the thread, which then would have killed the others.
    if ((await timed(tests, tests.own, source, 600_000)) === null) throw failure
  }

  const doubtful = options.onlyOwn ? [] : alive.filter(({ text }) => !options.isAccepted(text))
  const killed = new Set<MutantText>()
  for (const file of doubtful.length > 0 ? tests.others : []) {
    const milliseconds = await timed(tests, [file], source, slowestMs)
    for (const { source, text } of milliseconds === null ? [] : doubtful)
      if (!killed.has(text) && !(await tests.run([file], source, timeoutFor(milliseconds ?? 0)))) {
        killed.add(text)
        options.onProgress(mutants.length, alive.length - killed.size, mutants.length)
      }
  }
  await tests.close()
  return {
    target,
    mutants: mutants.map(({ text }) => text),
    survivors: alive.map(({ text }) => text).filter((text) => !killed.has(text)),
  }
}
