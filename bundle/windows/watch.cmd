@echo off
rem Runs the service in this window. Closing the window stops it; nothing is lost.
setlocal EnableExtensions DisableDelayedExpansion
title ed-hotspots: watch
set "EDH=%ED_HOTSPOTS_HOME%"
if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"
if not exist "%EDH%\program\Scripts\python.exe" goto missing
"%EDH%\program\Scripts\python.exe" -E -s "%EDH%\program\steps\watch.py"
set "RC=%ERRORLEVEL%"
if "%RC%"=="0" exit /b 0
if "%RC%"=="1" exit /b 1
if "%RC%"=="2" exit /b 2
echo STOPPED: the program ended with code %RC%. If Python was removed or replaced on this computer, run
echo install.cmd again. Nothing is lost.
pause
exit /b %RC%

:missing
echo STOPPED: ed-hotspots is not installed for you. Run install.cmd first.
pause
exit /b 2
