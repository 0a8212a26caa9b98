/** Runs the steps one after the other and prints what each came to, as one line of JSON. */
module.exports = async (steps) => {
  const told = {}
  for (const [name, step] of Object.entries(steps)) {
    told[name] = await step().catch((error) => ({ refused: String(error?.message ?? error).slice(0, 200) }))
  }
  process.stdout.write(`\n${JSON.stringify(told)}\n`)
  process.exit(0)
}
