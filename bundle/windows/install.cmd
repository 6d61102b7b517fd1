@echo off
rem Finds a Python that suits, or installs the one that lies in the folder python, and hands over.
rem Only ASCII here, and no file name is ever read by this interpreter: the steps do that.
setlocal EnableExtensions DisableDelayedExpansion
title ed-hotspots: install
set "HERE=%~dp0"
rem A py.exe or python.exe that lies in the current folder is not meant.
set "NoDefaultCurrentDirectoryInExePath=1"
rem Python's install manager shall fetch nothing.
set "PYTHON_MANAGER_AUTOMATIC_INSTALL=false"
if not exist "%HERE%steps\install.py" goto packed
if not exist "%HERE%requirements.txt" goto packed
set "PYTHON="
set "VERSION="
call :find
if defined PYTHON goto run
set "SETUP="
for %%I in ("%HERE%python\python-3*.exe") do set "SETUP=%%~fI"
if not defined SETUP goto nopython
echo Installing Python for you alone, from the folder python ...
start "" /wait "%SETUP%" /passive InstallAllUsers=0 PrependPath=0 Include_launcher=0 Include_test=0
if not "%ERRORLEVEL%"=="0" goto nosetup
call :find
if not defined PYTHON goto nosetup

:run
"%PYTHON%" %VERSION% -E -s "%HERE%steps\install.py"
set "RC=%ERRORLEVEL%"
if "%RC%"=="0" exit /b 0
if "%RC%"=="1" goto failed
if "%RC%"=="2" exit /b 2
:failed
echo STOPPED: the installation ended with code %RC%. Run install.cmd again, or show this window to IT.
pause
exit /b %RC%

:packed
echo STOPPED: this is not the whole folder. Right-click the zip, choose "Extract All", and start
echo install.cmd in the folder that this makes.
pause
exit /b 2

:nopython
echo STOPPED: this computer has no Python that suits. One of these versions is needed, for 64-bit
echo Windows and not from the Microsoft Store:
type "%HERE%pythons.txt"
echo Ask IT for Python's own installer, such as python-3.13.x-amd64.exe of python.org. Put it into
echo the folder named python beside this file and start install.cmd again: it is then installed
echo for you alone, without an administrator.
pause
exit /b 2

:nosetup
echo STOPPED: Python could not be installed from the folder python, or is of a version that does
echo not suit. Ask IT whether this computer blocks it. Needed is one of
type "%HERE%pythons.txt"
pause
exit /b 2

rem Sets PYTHON, and VERSION where the launcher must be told; leaves both empty where none suits.
:find
for %%V in (3.11 3.12 3.13 3.14) do if not defined PYTHON call :launcher %%V
for %%V in (311 312 313 314) do if not defined PYTHON call :own %%V
for %%V in (311 312 313 314) do if not defined PYTHON call :everybodys %%V
if not defined PYTHON call :onpath
exit /b 0

:launcher
"py" -%1 "%HERE%steps\which_python.py" >nul 2>nul
if not "%ERRORLEVEL%"=="0" exit /b 0
set "PYTHON=py"
set "VERSION=-%1"
exit /b 0

:own
if not exist "%LOCALAPPDATA%\Programs\Python\Python%1\python.exe" exit /b 0
"%LOCALAPPDATA%\Programs\Python\Python%1\python.exe" "%HERE%steps\which_python.py" >nul 2>nul
if not "%ERRORLEVEL%"=="0" exit /b 0
set "PYTHON=%LOCALAPPDATA%\Programs\Python\Python%1\python.exe"
exit /b 0

:everybodys
if not exist "%ProgramFiles%\Python%1\python.exe" exit /b 0
"%ProgramFiles%\Python%1\python.exe" "%HERE%steps\which_python.py" >nul 2>nul
if not "%ERRORLEVEL%"=="0" exit /b 0
set "PYTHON=%ProgramFiles%\Python%1\python.exe"
exit /b 0

:onpath
"python" "%HERE%steps\which_python.py" >nul 2>nul
if not "%ERRORLEVEL%"=="0" exit /b 0
set "PYTHON=python"
exit /b 0
