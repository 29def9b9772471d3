import type { Routes } from './route.ts'

/** `GET /v1/health`: the processes, the gateway and the store; 503 when something essential is down. */
export const health: Routes = (api, { facts }) => {
  api.get('/health', async context => {
    const state = await facts.health()
    return context.json(state, state.status === 'down' ? 503 : 200)
  })
}
