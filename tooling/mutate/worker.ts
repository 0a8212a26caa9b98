/**
 * Thread that runs the tests of one mutant after the other. Between two runs it evaluates the mutated file again, and the
 * modules that import it; everything else stays loaded.
 */
import { parentPort, workerData } from "node:worker_threads"
import { init, runBaseTests, setupEnvironment } from "vitest/worker"

if (parentPort === null) throw new Error("worker.ts runs as a thread")
const port = parentPort
const { mutatedFile } = workerData as { readonly mutatedFile: string }

type ModuleRunner = Parameters<NonNullable<Parameters<typeof init>[0]["onModuleRunner"]>>[0]
let moduleRunner: ModuleRunner | undefined

/** Forgets the exports of the mutated file and of all modules that import it, directly or not. */
const forgetMutant = () => {
  const modules = moduleRunner?.evaluatedModules
  const pending = [...(modules?.fileToModulesMap.get(mutatedFile) ?? [])]
  const seen = new Set(pending)
  // Without `meta` the text is fetched again.
  for (const module of pending) module.meta = undefined
  for (const module of pending) {
    for (const id of module.importers) {
      const importer = modules?.idToModuleMap.get(id)
      if (importer === undefined || seen.has(importer)) continue
      seen.add(importer)
      pending.push(importer)
    }
    module.promise = undefined
    module.exports = undefined
    module.evaluated = false
    module.importers.clear()
  }
}

init({
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
  post: (message) => port.postMessage(message),
  on: (listener) => port.on("message", listener),
  off: (listener) => port.off("message", listener),
  setup: setupEnvironment,
  onModuleRunner: (runner) => {
    moduleRunner = runner
  },
  runTests: (state, traces) => {
    forgetMutant()
    return runBaseTests("run", state, traces)
  },
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
})
