// node-blink-security of 2020: TOKEN_AUTH, v3 login, foreign Host headers, the legacy lists.
const Blink = require("node-blink-security")
const report = require("./report.cjs")

const { EMAIL: email, PASSWORD: password } = process.env
const blink = new Blink(email, password, "INSTALL-4")
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const [network] = [5130001]

void report({
  wrongPassword: () => new Blink(email, "wrong", "INSTALL-5").setupSystem(),
  signIn: () => blink.setupSystem().then(() => blink.regionId),
  inventory: async () => ({ networks: blink.networks.length, cameras: Object.values(blink.idTable) }),
  online: async () => (await blink.isOnline([network]))[network],
  disarm: async () => {
    await blink.setArmed(false, [network])
    await wait(2500)
    return (await blink.isArmed())[network]
  },
  snapshot: async () => {
    const { command, id } = await blink.cameras[8800101].snapPicture()
    return { command, id: typeof id }
  },
  clips: async () => (await blink.getVideos()).media.length > 0,
  events: async () => (await blink.getEvents([network]))[network].some(({ type }) => type === "disarmed"),
})
