// homebridge-blink-for-home of 2022: TOKEN_AUTH, v5 login, PIN.
const { Blink } = require("homebridge-blink-for-home/src/blink")
const report = require("./report.cjs")

const { EMAIL: email, PASSWORD: password, PIN: pin } = process.env
const silent = () => undefined
Object.assign(console, { log: silent, info: silent, debug: silent, error: silent })

const client = (unique, credentials) => new Blink(unique, { email, password, pin, ...credentials }, 0, 0, 0)
const home = client("INSTALL-1", {})
let camera

void report({
  wrongPassword: () => client("INSTALL-2", { password: "wrong" }).authenticate(),
  wrongPin: () => client("INSTALL-3", { pin: "000000" }).authenticate(),
  signIn: async () => {
    const { valid, account } = await home.authenticate()
    return { valid, tier: account.tier }
  },
  inventory: async () => {
    await home.refreshData()
    camera = [...home.cameras.values()].find(({ data }) => data.name === "Porch")
    return {
      networks: [...home.networks.values()].map(({ data, online }) => [data.name, online]),
      cameras: [...home.cameras.values()].map(({ data, online }) => [data.name, online]),
    }
  },
  disarm: async () => {
    await home.networks.get(camera.networkID).setArmedState(false)
    await home.refreshData()
    return home.networks.get(camera.networkID).armed
  },
  arm: async () => {
    await home.networks.get(camera.networkID).setArmedState(true)
    await home.refreshData()
    return home.networks.get(camera.networkID).armed
  },
  snapshot: async () => {
    const before = camera.thumbnail
    await camera.refreshThumbnail(true)
    await home.refreshData()
    const picture = await camera.getThumbnail()
    return { changed: camera.thumbnail !== before, picture: picture.subarray(0, 2).toString("hex") }
  },
  clips: async () => {
    const { media } = await home.blinkAPI.getMediaChange(0)
    const film = await home.blinkAPI.getUrl(media[0].media)
    return { listed: media.length, film: film.subarray(4, 8).toString("latin1") }
  },
  logout: () => home.logout(),
})
