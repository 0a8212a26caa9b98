// homebridge-blink-for-home of 2022: TOKEN_AUTH, v5 login, PIN.
const { Blink } = require("homebridge-blink-for-home/src/blink")
const report = require("./report.cjs")

const { EMAIL: email, PASSWORD: password, PIN: pin } = process.env
const silent = () => undefined
Object.assign(console, { log: silent, info: silent, debug: silent, error: silent })

const client = (unique, credentials) => new Blink(unique, { email, password, pin, ...credentials }, 0, 0, 0)
const blink = client("INSTALL-1", {})
let camera

void report({
  wrongPassword: () => client("INSTALL-2", { password: "wrong" }).authenticate(),
  wrongPin: () => client("INSTALL-3", { pin: "000000" }).authenticate(),
  signIn: async () => {
    const { valid, account } = await blink.authenticate()
    return { valid, tier: account.tier }
  },
  inventory: async () => {
    await blink.refreshData()
    camera = [...blink.cameras.values()].find(({ data }) => data.name === "Porch")
    return {
      networks: [...blink.networks.values()].map(({ data, online }) => [data.name, online]),
      cameras: [...blink.cameras.values()].map(({ data, online }) => [data.name, online]),
    }
  },
  disarm: async () => {
    await blink.networks.get(camera.networkID).setArmedState(false)
    await blink.refreshData()
    return blink.networks.get(camera.networkID).armed
  },
  arm: async () => {
    await blink.networks.get(camera.networkID).setArmedState(true)
    await blink.refreshData()
    return blink.networks.get(camera.networkID).armed
  },
  snapshot: async () => {
    const before = camera.thumbnail
    await camera.refreshThumbnail(true)
    await blink.refreshData()
    const picture = await camera.getThumbnail()
    return { changed: camera.thumbnail !== before, picture: picture.subarray(0, 2).toString("hex") }
  },
  clips: async () => {
    const { media } = await blink.blinkAPI.getMediaChange(0)
    const video = await blink.blinkAPI.getUrl(media[0].media)
    return { listed: media.length, video: video.subarray(4, 8).toString("latin1") }
  },
  logout: () => blink.logout(),
})
