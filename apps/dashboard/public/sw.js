// Caches the page itself, so that an installed page opens while the broadcaster is unreachable. Data is never cached:
// requests under v1/ and the websocket are not intercepted.
const cacheName = "blink-streams-shell"
const maxEntries = 16

self.addEventListener("install", () => self.skipWaiting())
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()))

const networkFirst = async (request) => {
  const cache = await caches.open(cacheName)
  try {
    const response = await fetch(request)
    if (response.ok) {
      await cache.put(request, response.clone())
      // File names change with each release: delete the oldest.
      const keys = await cache.keys()
      await Promise.all(keys.slice(0, Math.max(0, keys.length - maxEntries)).map((key) => cache.delete(key)))
    }
    return response
  } catch (error) {
    const cached = await cache.match(request, { ignoreSearch: request.mode === "navigate" })
    if (cached) return cached
    throw error
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event
  const path = request.url.slice(self.registration.scope.length)
  const inScope = request.method === "GET" && request.url.startsWith(self.registration.scope)
  const isPage = request.mode === "navigate" && /^(index\.html)?([?#]|$)/.test(path)
  if (inScope && (isPage || /^(assets\/|icon|manifest)/.test(path))) event.respondWith(networkFirst(request))
})

self.addEventListener("notificationclick", (event) => {
  event.notification.close()
  const focusOrOpen = async () => {
    const [page] = await self.clients.matchAll({ type: "window" })
    if (page) return page.focus()
    return self.clients.openWindow(event.notification.data)
  }
  event.waitUntil(focusOrOpen())
})
