@echo off
rem tlsunset host collect, for machines where PowerShell may not run: writes what decides this machine's TLS versions into one file.
rem Reads only (beside that file and a temporary one). It sees the registry, no configuration files and no programs.
setlocal EnableExtensions DisableDelayedExpansion
if "%~1"=="inner" goto inner
if defined PROCESSOR_ARCHITEW6432 "%windir%\sysnative\cmd.exe" /d /c ""%~f0"" & exit /b 0
set "OUT=%CD%\tlsunset-host-%COMPUTERNAME%.reg"
set "TMPREG=%TEMP%\tlsunset-host-%RANDOM%%RANDOM%.reg"
if exist "%OUT%" del "%OUT%"
rem Under /u echo writes UTF-16, as reg export does, so that both can stand in one file.
cmd /u /d /c ""%~f0" inner"
echo tlsunset: %OUT%
exit /b 0

:inner
set "MACHINE=HKEY_LOCAL_MACHINE"
set "CONTROL=%MACHINE%\SYSTEM\CurrentControlSet\Control"
set "NDP=%MACHINE%\SOFTWARE\Microsoft\NET Framework Setup\NDP"
set "POLICY=SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
set "CHOICE=Software\Microsoft\Windows\CurrentVersion\Internet Settings"
>>"%OUT%" echo Windows Registry Editor Version 5.00
>>"%OUT%" echo ; tlsunset host export 1
>>"%OUT%" echo ; fact name = %COMPUTERNAME%
for /f "tokens=1" %%k in ('wmic qfe get HotFixID 2^>nul') do >>"%OUT%" echo ; fact update = %%k
for %%v in (CurrentBuildNumber UBR InstallationType ProductName) do call :value "%MACHINE%\SOFTWARE\Microsoft\Windows NT\CurrentVersion" %%v
call :value "%CONTROL%\Session Manager\Environment" PROCESSOR_ARCHITECTURE
call :key "%CONTROL%\SecurityProviders\SCHANNEL"
call :key "%CONTROL%\Lsa\FipsAlgorithmPolicy"
for %%r in (SOFTWARE SOFTWARE\Wow6432Node) do (
    call :value "%MACHINE%\%%r\Microsoft\Windows\CurrentVersion\Internet Settings" SecureProtocols
    call :value "%MACHINE%\%%r\Microsoft\Windows\CurrentVersion\Internet Settings\WinHttp" DefaultSecureProtocols
    call :value "%MACHINE%\%%r\Microsoft\.NETFramework" none
    call :key "%MACHINE%\%%r\Microsoft\.NETFramework\AppContext"
    for %%c in (v2.0.50727 v4.0.30319) do (
        call :value "%MACHINE%\%%r\Microsoft\.NETFramework\%%c" SchUseStrongCrypto
        call :value "%MACHINE%\%%r\Microsoft\.NETFramework\%%c" SystemDefaultTlsVersions
        call :key "%MACHINE%\%%r\Microsoft\.NETFramework\%%c\System.Net.ServicePointManager.SystemDefaultTlsVersions"
        call :key "%MACHINE%\%%r\Microsoft\.NETFramework\%%c\System.Net.ServicePointManager.SecurityProtocol"
    )
)
call :value "%NDP%" none
call :value "%NDP%\v3.5" Install
call :value "%NDP%\v4\Full" Release
call :value "%MACHINE%\%POLICY%" SecureProtocols
call :value "HKEY_CURRENT_USER\%POLICY%" SecureProtocols
call :value "HKEY_CURRENT_USER\%CHOICE%" SecureProtocols
call :value "HKEY_USERS\S-1-5-18\%CHOICE%" SecureProtocols
>>"%OUT%" echo ; end of tlsunset host export
exit /b 0

rem The whole key as regedit writes it.
:key
reg export "%~1" "%TMPREG%" /y >nul 2>&1
if errorlevel 1 exit /b 0
copy /b "%OUT%"+"%TMPREG%" "%OUT%" >nul
del "%TMPREG%" >nul 2>&1
exit /b 0

rem One value, REG_SZ without backslashes or REG_DWORD; the key alone where the value is absent.
:value
reg query "%~1" >nul 2>&1
if errorlevel 1 exit /b 0
>>"%OUT%" echo [%~1]
for /f "tokens=1,2,*" %%a in ('reg query "%~1" /v %2 2^>nul') do (
    if /i "%%a %%b"=="%~2 REG_DWORD" call :dword %2 %%c
    if /i "%%a %%b"=="%~2 REG_SZ" >>"%OUT%" echo "%~2"="%%c"
)
exit /b 0

:dword
set "DATA=%2"
>>"%OUT%" echo "%~1"=dword:%DATA:~2%
exit /b 0
