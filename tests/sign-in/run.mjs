// Sign-in through the real `waymark serve`: accounts of its own, a real OpenID provider, and a hostile one. Ends with
// "N passed, N failed"; exit 1 where one failed.
import { finish } from './lib.mjs'
import { local } from './local.mjs'
import { genuine } from './genuine.mjs'
import { refused } from './refused.mjs'

const only = process.argv[2]
for (const [name, part] of Object.entries({ local, genuine, refused })) {
  if (!only || only === name) await part()
}
process.exit(finish())
