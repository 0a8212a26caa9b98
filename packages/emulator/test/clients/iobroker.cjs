// The Blink adapter of ioBroker, 2026: OAuth with PKCE, the code of the second factor, bearer tokens.
const { mkdtempSync, readFileSync, rmSync } = require("node:fs")
const { tmpdir } = require("node:os")
const path = require("node:path")
const blink = require("iobroker.blink/lib/blink-api")
const report = require("./report.cjs")

const { EMAIL: email, PASSWORD: password, PIN: pin } = process.env
const folder = mkdtempSync(path.join(tmpdir(), "emulator-client-"))
let session
let camera

void report({
  wrongPassword: () => blink.login(email, "wrong", pin),
  wrongPin: () => blink.login(email, password, "000000"),
  needsPin: () => blink.login(email, password, ""),
  signIn: async () => {
    session = await blink.login(email, password, pin)
    return session.apiHost
  },
  refresh: async () => {
    const before = session.accessToken
    session.expiresAt = 0
    require("node:fs").writeFileSync(cachePath(), JSON.stringify(session))
    session = await blink.getSession(email, password, pin)
    return session.accessToken !== before
  },
  inventory: async () => {
    const { cameras, syncModules } = await blink.getDevices(session)
    camera = cameras.find(({ name }) => name === "Porch")
    return { cameras: cameras.map(({ name }) => name), syncModules: syncModules.length }
  },
  disarm: async () =>
    Object.keys(await blink.setArmed(session, camera.network_id ?? camera.networkId, false)),
  snapshot: async () => {
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const file = path.join(folder, "thumbnail.jpg")
    await blink.snapshot(
      session,
      camera.network_id ?? camera.networkId,
      camera.id,
      camera.thumbnail ?? "",
      file,
    )
    return readFileSync(file).subarray(0, 2).toString("hex")
  },
  clips: async () => {
    const { clips, source } = await blink.getCloudClips(session, camera.networkId, camera.id, camera.name)
    const file = path.join(folder, "clip.mp4")
    await blink.downloadCloudClip(session, clips[0], file)
    return { source, listed: clips.length, video: readFileSync(file).subarray(4, 8).toString("latin1") }
  },
  cleanUp: async () => {
    blink.clearSession(email)
    rmSync(folder, { recursive: true })
  },
})

function cachePath() {
  const name = require("node:crypto").createHash("sha256").update(email).digest("hex")
  return `/tmp/blink_session_cache/${name}.json`
}
