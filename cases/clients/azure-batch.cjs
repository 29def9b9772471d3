// usage: azure-batch.cjs URL FOLDER-WITH-THE-PACKAGE
const { createRequire } = require('module')
const need = createRequire(process.argv[3] + '/package.json')
const { BatchServiceClient, BatchSharedKeyCredentials } = need('@azure/batch')
const credentials = new BatchSharedKeyCredentials('contoso', Buffer.from('lab').toString('base64'))
const client = new BatchServiceClient(credentials, process.argv[2], { noRetryPolicy: true })
client.pool.list().then(
  pools => console.log('pools', pools.length),
  error => {
    console.error(error.name, error.code, JSON.stringify(error.message), JSON.stringify(error.body ?? null))
    process.exit(1)
  },
)
