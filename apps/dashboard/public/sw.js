// The shell of the page, kept so that an installed page opens even while the broadcaster is away. Nothing of the
// home is ever kept: answers under v1/ and the socket pass by untouched.
const shell = "blink-streams-shell"
const kept = 16

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

const newest = async (request) => {
  const cache = await caches.open(shell)
  try {
    const response = await fetch(request)
    if (response.ok) {
      await cache.put(request, response.clone())
      // Each release has files of its own names: the oldest go.
      const keys = await cache.keys()
      await Promise.all(keys.slice(0, Math.max(0, keys.length - kept)).map((key) => cache.delete(key)))
    }
    return response
  } catch (problem) {
    const known = await cache.match(request, { ignoreSearch: request.mode === "navigate" })
    if (known) return known
    throw problem
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event
  const path = request.url.slice(self.registration.scope.length)
  const ours = request.method === "GET" && request.url.startsWith(self.registration.scope)
  const isPage = request.mode === "navigate" && /^(index\.html)?([?#]|$)/.test(path)
  if (ours && (isPage || /^(assets\/|icon|manifest)/.test(path))) event.respondWith(newest(request))
})

self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  const open = async () => {
    const [page] = await self.clients.matchAll({ type: "window" })
    if (page) return page.focus()
    return self.clients.openWindow(event.notification.data)
  }
  event.waitUntil(open())
})
