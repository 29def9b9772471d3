@echo off
rem tlsunset host collect, for machines where PowerShell may not run: writes what decides this machine's TLS versions into one file.
rem Reads only (beside that file and a temporary one). It sees the registry, no configuration files and no programs.
setlocal EnableExtensions EnableDelayedExpansion
if "%~1"=="inner" goto inner
if defined PROCESSOR_ARCHITEW6432 (
    "%windir%\sysnative\cmd.exe" /d /c ""%~f0""
    exit /b !errorlevel!
)
set "TLSUNSET_OUT=%CD%\tlsunset-host-%COMPUTERNAME%.reg"
set "TLSUNSET_TMP=%TEMP%\tlsunset-host-%RANDOM%%RANDOM%.reg"
cmd /u /d /c ""%~f0" inner" > "%TLSUNSET_OUT%"
echo tlsunset: %TLSUNSET_OUT%
exit /b 0

:inner
set "NT=HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
set "NDP=HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP"
set "POLICY=SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
set "CHOICE=Software\Microsoft\Windows\CurrentVersion\Internet Settings"
echo Windows Registry Editor Version 5.00
echo.
echo ; tlsunset host export 1
echo ; fact name = %COMPUTERNAME%
for /f "tokens=1" %%k in ('wmic qfe get HotFixID 2^>nul ^| findstr "KB"') do echo ; fact update = %%k
for %%v in (CurrentBuildNumber UBR InstallationType ProductName) do call :value "%NT%" %%v
call :value "HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment" PROCESSOR_ARCHITECTURE
call :key "HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL"
call :key "HKLM\SYSTEM\CurrentControlSet\Control\Lsa\FipsAlgorithmPolicy"
for %%r in (SOFTWARE SOFTWARE\Wow6432Node) do (
    call :value "HKLM\%%r\Microsoft\Windows\CurrentVersion\Internet Settings" SecureProtocols
    call :value "HKLM\%%r\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp" DefaultSecureProtocols
    call :key "HKLM\%%r\Microsoft\.NETFramework\AppContext"
    for %%c in (v2.0.50727 v4.0.30319) do (
        call :value "HKLM\%%r\Microsoft\.NETFramework\%%c" SchUseStrongCrypto
        call :value "HKLM\%%r\Microsoft\.NETFramework\%%c" SystemDefaultTlsVersions
        call :key "HKLM\%%r\Microsoft\.NETFramework\%%c\System.Net.ServicePointManager.SystemDefaultTlsVersions"
        call :key "HKLM\%%r\Microsoft\.NETFramework\%%c\System.Net.ServicePointManager.SecurityProtocol"
    )
)
call :value "%NDP%" none
call :value "%NDP%\v3.5" Install
call :value "%NDP%\v4\Full" Release
call :value "HKLM\%POLICY%" SecureProtocols
call :value "HKCU\%POLICY%" SecureProtocols
call :value "HKCU\%CHOICE%" SecureProtocols
call :value "HKU\S-1-5-18\%CHOICE%" SecureProtocols
echo.
echo ; end of tlsunset host export
exit /b 0

rem The whole key as regedit writes it.
:key
reg export "%~1" "%TLSUNSET_TMP%" /y >nul 2>&1
if errorlevel 1 exit /b 0
type "%TLSUNSET_TMP%"
del "%TLSUNSET_TMP%" >nul 2>&1
echo.
exit /b 0

rem One value, REG_SZ or REG_DWORD; the key alone where the value is absent.
:value
reg query "%~1" >nul 2>&1
if errorlevel 1 exit /b 0
set "KEY=%~1"
set "KEY=!KEY:HKLM\=HKEY_LOCAL_MACHINE\!"
set "KEY=!KEY:HKCU\=HKEY_CURRENT_USER\!"
set "KEY=!KEY:HKU\=HKEY_USERS\!"
echo.
echo [!KEY!]
for /f "tokens=1,2,*" %%a in ('reg query "%~1" /v %2 2^>nul ^| findstr "REG_"') do (
    set "DATA=%%c"
    if "%%b"=="REG_DWORD" echo "%~2"=dword:!DATA:~2!
    if "%%b"=="REG_SZ" echo "%~2"="!DATA:\=\\!"
    if not "%%b"=="REG_DWORD" if not "%%b"=="REG_SZ" echo "%~2"=hex^(0^):
)
exit /b 0
