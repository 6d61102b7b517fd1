@echo off
rem Removes the program and its start at log-on. Never the workspace, never a back-up.
setlocal EnableExtensions DisableDelayedExpansion
title ed-hotspots: uninstall
set "EDH=%ED_HOTSPOTS_HOME%"
if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"
if not exist "%EDH%\program\pyvenv.cfg" goto missing
if not exist "%EDH%\program\Scripts\python.exe" goto remove
"%EDH%\program\Scripts\python.exe" -E -s "%EDH%\program\steps\uninstall.py"
set "RC=%ERRORLEVEL%"
if "%RC%"=="0" goto remove
if "%RC%"=="2" goto kept
echo The program no longer starts (code %RC%): it is removed without a question.
echo To keep it, close this window now.
pause
if defined APPDATA del "%APPDATA%\Microsoft\Windows\Start Menu\Programs\Startup\ed-hotspots.cmd" 2>nul

:remove
rem Renamed first: a program that runs cannot be, and so is never half removed.
if exist "%EDH%\program.gone" rmdir /s /q "%EDH%\program.gone"
ren "%EDH%\program" program.gone 2>nul
if exist "%EDH%\program" goto inuse
rmdir /s /q "%EDH%\program.gone"
for %%F in (add-hospital watch status backup commands) do if exist "%EDH%\%%F.cmd" del "%EDH%\%%F.cmd"
echo The program is removed. The workspace and the back-ups are where they were:
echo "%EDH%"
pause
exit /b 0

:inuse
echo STOPPED: ed-hotspots is running. Close all its windows (one may be small, in the task bar), and run
echo uninstall.cmd again. Nothing was removed.
pause
exit /b 2

:kept
pause
exit /b 2

:missing
echo There is no program of ed-hotspots to remove.
pause
exit /b 0
