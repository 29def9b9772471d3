// usage: cscript //nologo client.js URL (Windows Script Host under Wine)
var request = new ActiveXObject('WinHttp.WinHttpRequest.5.1')
try {
  request.Open('GET', WScript.Arguments(0), false)
  request.Send()
  WScript.Echo(request.Status + ' ' + request.StatusText)
  WScript.Echo(request.ResponseText)
} catch (error) {
  WScript.Echo('error 0x' + (error.number >>> 0).toString(16) + ' ' + error.description)
  WScript.Quit(1)
}
