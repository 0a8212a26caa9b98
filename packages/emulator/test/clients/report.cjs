/** Runs the steps in order and prints their results as one line of JSON. */
module.exports = async (steps) => {
  const results = {}
  for (const [name, step] of Object.entries(steps)) {
    results[name] = await step().catch((error) => ({
      refused: String(error?.message ?? error).slice(0, 200),
    }))
  }
  process.stdout.write(`\n${JSON.stringify(results)}\n`)
  process.exit(0)
}
