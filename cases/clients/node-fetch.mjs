// usage: node-fetch.mjs URL
try {
  const answer = await fetch(process.argv[2])
  console.log(answer.status, answer.statusText)
  console.log(await answer.text())
} catch (error) {
  console.error(error.message, error.cause?.code, error.cause?.message)
  process.exit(1)
}
